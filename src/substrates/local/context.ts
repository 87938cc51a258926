import type { Logger } from "pino";
import type { Distribution, VersionPolicy } from "../../kubernetes/distribution/distribution.ts";
import type { StartGate } from "./control-plane/start-gate.ts";
import type { Supervisor } from "./control-plane/supervisor.ts";
import type { Supplies } from "./control-plane/supplies.ts";
import type { LiveCluster } from "./live/live-cluster.ts";
import type { Networks } from "./network/networks.ts";
import type { Timing } from "./timing.ts";

/** Something the owner of a cluster should know, outside of any task. */
export type ClusterEventListener = (
  clusterId: string,
  level: "info" | "warning",
  reason: string,
  message: string,
) => void;

/** How a stage tells what it does, and how it is told to stop. */
export interface Progress {
  report(message: string): void;
  signal: AbortSignal;
}

/** Finds or installs a distribution: see `ensureDistribution`, whose settings are filled in. */
export type DistributionFinder = (
  requested: string | undefined,
  policy: VersionPolicy,
  progress: Progress,
) => Promise<{ distribution: Distribution; exact: boolean }>;

/** What the parts of one local substrate share. */
export interface LocalContext {
  /** Absolute path of $SAMPAN_HOME, symbolic links resolved. */
  readonly home: string;
  readonly ensureDistribution: DistributionFinder;
  readonly networks: Networks;
  readonly supervisor: Supervisor;
  readonly supplies: Supplies;
  /** What is kept open for clusters, by cluster id: see `liveCluster`. */
  readonly live: Map<string, LiveCluster>;
  readonly timing: Timing;
  readonly log: Logger;
  readonly onEvent: ClusterEventListener;
  /** Through which everything is started that must not outlive a stop of Sampan. */
  readonly starts: StartGate;
}
