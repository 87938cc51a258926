import type { ClusterDescription } from "../../../cluster-access.ts";
import type { Cluster, ClusterState } from "../../../core/clusters/cluster.ts";
import type { Task } from "../../../core/tasks/task.ts";
import { keptValues } from "../../common/parameters/kept-values.ts";
import { toJobId, toUuid } from "../ids.ts";
import { toTimestamp } from "../timestamps.ts";
import { createClusterParameters, type GivenSpec } from "./create/table/table.ts";
import { type CceWords, sentSpec, toCceObject, withoutUndefined } from "./words/index.ts";

/** Where a cluster is, in the words that the vendor's clients wait for. */
type ClusterPhase = "Creating" | "Available" | "Unavailable" | "Deleting" | "Error";

/** What a description needs beyond the cluster itself. */
export interface ClusterFacts extends ClusterDescription {
  /** Whether its control plane answers; only looked at where the cluster is usable. */
  isReady: boolean;
  /** Why nobody knows whether it does. */
  reason?: string | undefined;
  /** Whether a cluster that failed is shown as such: `errorStatus` of the query. Else it is shown as being deleted. */
  showErrors: boolean;
  /** The task that works on it now; undefined where none does. */
  taskId: string | undefined;
  /** The task because of which it failed, where it did. */
  failure?: Pick<Task, "id" | "error"> | undefined;
  /** Range of the first subnet of pods that are on the VPC; undefined where they are not. */
  podSubnetCidr?: string | undefined;
  /** Certificate (PEM) of the authority that signs the API server's; undefined where it is not shown. */
  authority?: string | undefined;
  /** The group of its nodes: the one that was named, or made. */
  securityGroupId: string | undefined;
  /** The version that would run if the cluster were made now; only needed where none was asked for and none is decided. */
  expectedVersion?: string | undefined;
  /** Figures of `detail=true`: annotations of the answer. */
  figures?: Readonly<Record<string, string>> | undefined;
}

/** `status.phase` of a cluster. */
const phases: Readonly<Record<ClusterState, ClusterPhase>> = {
  creating: "Creating",
  running: "Available",
  changing: "Available",
  failed: "Error",
  removing: "Deleting",
  "remove-failed": "Error",
};

/** Where a cluster is. */
export function phaseOf(state: ClusterState, { isReady, showErrors }: Pick<ClusterFacts, "isReady" | "showErrors">) {
  const phase = phases[state];
  if (phase === "Available" && !isReady) return "Unavailable";
  return phase === "Error" && !showErrors ? "Deleting" : phase;
}

/** The states of a cluster that is, or may be, shown in a phase; none for a word that is no phase. */
export function statesShownAs(phase: string, showErrors: boolean): ClusterState[] {
  const shown = (state: ClusterState) => [true, false].map((isReady) => phaseOf(state, { isReady, showErrors }));
  return (Object.keys(phases) as ClusterState[]).filter((state) => shown(state).some((word) => word === phase));
}

/** A cluster as every operation answers it. Clients need `eniNetwork` and `serviceNetwork` to be objects. */
export function toCceCluster(cluster: Cluster, facts: ClusterFacts) {
  const { metadata, spec } = toCceObject(cluster);
  return withoutUndefined<Record<string, unknown>>({
    kind: "Cluster",
    apiVersion: "v3",
    metadata: {
      ...metadata,
      uid: toUuid(cluster.id),
      alias: metadata.alias ?? metadata.name,
      timezone: metadata.timezone ?? usualTimezone(cluster.region),
      labels: metadata.labels ?? {},
      annotations: { ...metadata.annotations, ...facts.figures },
      creationTimestamp: toTimestamp(cluster.createdAt),
      updateTimestamp: toTimestamp(cluster.updatedAt),
    },
    spec: shownSpec(cluster, spec, facts),
    status: {
      phase: phaseOf(cluster.state, facts),
      jobID: jobOf(facts),
      reason: facts.failure ? failures[cluster.state] : facts.reason,
      message: facts.failure?.error ?? versionNote(cluster, facts),
      endpoints: endpoints(facts),
      // Nothing but a task, which jobID names, keeps a cluster to itself.
      isLocked: false,
      lockScene: "",
      lockSource: "",
      lockSourceId: "",
    },
  });
}

/** Why a cluster is as it is, where something failed. */
const failures: Partial<Record<ClusterState, string>> = {
  failed: "The creation failed.",
  "remove-failed": "The deletion failed.",
};

/** What works on the cluster, or worked on it last where that failed. */
function jobOf({ taskId, failure }: ClusterFacts): string | undefined {
  const id = taskId ?? failure?.id;
  return id && toJobId({ taskId: id, stage: 0 });
}

/** The version that was asked for, or the minor version of the one that runs. */
export const shownVersion = (requested: string | undefined, running: string | undefined): string | undefined =>
  requested ?? (running && `v${running.replace(/^(\d+\.\d+).*/, "$1")}`);

/** Members of `spec` that answers of today's service always have, as they are where nobody set them. */
const unset = {
  description: "",
  customSan: [],
  ipv6enable: false,
  publicAccess: {},
  clusterTags: [],
  agencyName: "",
  supportIstio: false,
  enableMasterVolumeEncryption: false,
  enableDistMgt: false,
  configurationsOverride: [],
  clusterOps: {},
  encryptionConfig: {},
} as const;

/** The enterprise project of what is in none. */
const usualEnterpriseProject = "0";

/** The time of the region, which the vendor takes where none is asked for; not known of other countries here. */
const usualTimezone = (region: string): string | undefined => (region.startsWith("cn-") ? "Asia/Shanghai" : undefined);

/** What was sent and is only kept, with what the core knows over it. */
function shownSpec(
  cluster: Cluster,
  spec: CceWords["spec"],
  { securityGroupId, runningVersion, expectedVersion, podSubnetCidr, authority }: ClusterFacts,
) {
  const sent = keptValues(createClusterParameters.spec.members, sentSpec(cluster));
  return {
    ...unset,
    ...sent,
    category: spec.containerNetwork.mode === "eni" ? "Turbo" : (sent.category ?? "CCE"),
    ...spec,
    version: shownVersion(spec.version, runningVersion ?? expectedVersion),
    deletionProtection: cluster.spec.deletionProtection,
    hostNetwork: { ...sent.hostNetwork, ...spec.hostNetwork, SecurityGroup: securityGroupId },
    containerNetwork: { enableContainerCIDRsReservation: false, ...sent.containerNetwork, ...spec.containerNetwork },
    eniNetwork: { eniSubnetCIDR: podSubnetCidr, ...sent.eniNetwork, ...spec.eniNetwork },
    authentication: {
      mode: authenticationMode(cluster, sent),
      ...spec.authentication,
      authenticatingProxy: proxy(spec, sent),
    },
    // Never one that was sent: in a copy of another cluster's object it is that one's.
    certificateAuthority: authority && { data: Buffer.from(authority).toString("base64") },
    billingMode: 0,
    az: cluster.spec.memberZones[0],
    masters: spec.masters?.map((master, index) => ({ ...sent.masters?.[index], ...master })),
    extendParam: { enterpriseProjectId: usualEnterpriseProject, ...sent.extendParam, ...spec.extendParam },
  };
}

/** The proxy that is believed, with its certificate, which is no secret as its key is; none where another mode is in force. */
function proxy({ authentication }: CceWords["spec"], sent: GivenSpec) {
  const { authenticatingProxy: inForce } = authentication ?? {};
  return inForce ? { ...inForce, cert: sent.authentication?.authenticatingProxy?.cert } : {};
}

/** Clusters up to 1.11 had certificates alone; later ones, and the newest, have role-based access control. */
const firstMinorWithRoles = 13;

function authenticationMode({ spec }: Cluster, sent: GivenSpec): string {
  if (sent.authentication?.mode) return sent.authentication.mode;
  const minor = Number(spec.kubernetesVersion?.split(".")[1] ?? firstMinorWithRoles);
  return minor < firstMinorWithRoles ? "x509" : "rbac";
}

/** Says where the cluster runs another version than asked for. */
function versionNote({ spec }: Cluster, { runningVersion }: ClusterFacts): string | undefined {
  const { kubernetesVersion: wanted, requestedVersion } = spec;
  if (!wanted || !runningVersion || runningVersion === wanted || runningVersion.startsWith(`${wanted}.`))
    return undefined;
  return `Version ${requestedVersion} was asked for; the cluster runs Kubernetes ${runningVersion}, the nearest that is to be had here.`;
}

function endpoints({ endpoints: addresses }: ClusterFacts) {
  if (!addresses) return undefined;
  return [
    { url: addresses.intranet, type: "Internal" },
    ...(addresses.public ? [{ url: addresses.public, type: "External" }] : []),
  ];
}
