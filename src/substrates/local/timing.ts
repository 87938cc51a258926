/** Every duration of the local substrate, in milliseconds. Tests shorten some; nothing else does. */
export interface Timing {
  /** Pause between two looks at something that is about to be ready. */
  readonly readyPoll: number;
  /** Longest time for a component to answer as ready in a creation. */
  readonly readyDeadline: number;
  /** Longest time for all planned nodes to be Ready once the API server answers. */
  readonly nodesDeadline: number;
  /** Pause between two looks at a process that is not a child of this one. */
  readonly adoptedPoll: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly stopGrace: number;
  /** Longest wait for a process to be gone after SIGKILL. */
  readonly killDeadline: number;
  /** First pause before a dead component is started again; doubled each time. */
  readonly restartDelay: number;
  /** Longest pause before a dead component is started again. */
  readonly restartDelayLimit: number;
  /** A component that ran this long is stable: its next death counts as the first. */
  readonly stableAfter: number;
  /** Pause between two health checks of a component. */
  readonly healthPoll: number;
  /** Longest time for the answer to a health check. */
  readonly healthDeadline: number;
  /** Time after a component's start in which failed health checks do not count. */
  readonly startGrace: number;
  /** Longest time for the nodes to be listed for a describe request. */
  readonly observeDeadline: number;
  /** Pause between two looks at which members the cluster has as endpoints. */
  readonly endpointPoll: number;
  /** How long API servers have to add themselves to them. */
  readonly endpointPatience: number;
  /** Pause between two looks at the certificate that an API server presents. */
  readonly certificatePoll: number;
  /** Longest time for an API server to present a certificate that was issued while it runs. */
  readonly certificateDeadline: number;
  /** Age under which another cluster's claim on a network is never taken over. */
  readonly staleClaimAge: number;
  /** Longest wait for another process that holds the lock on the network claims. */
  readonly claimLockDeadline: number;
}

/** The values in use, each with its reason. */
export const defaultTiming: Timing = {
  // Short against a component's start (0.3 s for etcd, 2 s and more for the API server), long against one probe (5 ms).
  readyPoll: 50,
  // An API server alone takes 3 s on 2 cores; ten of them starting at once on the same cores take a minute.
  readyDeadline: 180_000,
  // The nodes are Ready 1 s after registering; the rest is for a crowded machine.
  nodesDeadline: 120_000,
  // Recovery must be over within 10 s of a death, so noticing it may take a small part of that.
  adoptedPoll: 500,
  // etcd syncs its log and the API server finishes its requests within 2 s, also on a slow disk.
  stopGrace: 10_000,
  // The kernel ends a killed process at once, but for one that waits for a stuck disk.
  killDeadline: 10_000,
  // Starting at once makes recovery quick; a component that dies in its first second must not keep a core busy.
  restartDelay: 200,
  // A cluster whose cause of death goes away (a full disk, say) is back within half a minute.
  restartDelayLimit: 30_000,
  // Longer than any component takes to fail from its start-up, 10 s for managers that wait for an API server.
  stableAfter: 60_000,
  // With four components a cluster and 5 ms of CPU a check, a hundred clusters cost a fifth of a core.
  healthPoll: 10_000,
  // A busy machine answers late; a hanging process never. Kubernetes' own probes allow 15 s for the same components.
  healthDeadline: 15_000,
  // The kubelet's start-up probes of the same components allow about four minutes; a crowded machine needs one.
  startGrace: 90_000,
  // A describe request must not wait for a control plane that hangs.
  observeDeadline: 2_000,
  // API servers that missed one another look again every 10 s.
  endpointPoll: 250,
  endpointPatience: 1_000,
  // A look is a TLS handshake, and an API server takes up to a minute to read its certificate again.
  certificatePoll: 1_000,
  // Two of those minutes, and half of one for a crowded machine.
  certificateDeadline: 150_000,
  // A creation makes its folder before its claim, so this only guards against a clock that was set.
  staleClaimAge: 60_000,
  // Holders need milliseconds; only one that is stopped (SIGSTOP) keeps the lock longer.
  claimLockDeadline: 10_000,
};

/** Failed health checks in a row that make a component count as hanging: one or two can be a busy machine. */
export const healthFailures = 3;

/** Starts in a row, without ever being ready, after which a creation gives a component up and fails with its last words. */
export const startAttempts = 3;
