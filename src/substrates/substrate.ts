import type { AdminAccess, ClusterDescription, Kubeconfig, KubeconfigWish, TokenKeys } from "../cluster-access.ts";
import type { ContentNetwork, ContentPlan } from "../kubernetes/addons/cluster-content.ts";
import type { StageKind } from "../stage-kind.ts";

/**
 * Everything that a substrate must know to make one cluster, with all defaults applied. Plain data in Kubernetes'
 * words: no dialect and no database row reaches a substrate. What its add-ons are made from is a part of it.
 */
export interface ClusterPlan extends ContentPlan {
  /** 32 lower-case hexadecimal digits. */
  id: string;
  /** Requested version as `x.y.z` or `x.y`; undefined asks for the newest. */
  version: string | undefined;
  /** `nearest` runs what is installed and says so; `strict` fails where the requested version is not to be had. */
  versionPolicy: "nearest" | "strict";
  /** Number of control-plane members: 1, 3 or 5. */
  members: number;
  network: PlannedNetwork;
  apiServer: {
    /** Further names and addresses for the serving certificate. */
    extraSans: string[];
    /** `iss` of service-account tokens (`--service-account-issuer`). */
    serviceAccountIssuer: string;
    /** Audiences the API server accepts (`--api-audiences`). */
    apiAudiences: string[];
    /** Whether it is reachable at a public address too, beside the inner one. */
    publicEndpoint: boolean;
    /** Whether it writes an audit log of requests. */
    auditLog: boolean;
    /** Certificates (PEM) of those who sign the client certificates of authenticating proxies; undefined trusts none. */
    authenticatingProxyCa: string | undefined;
  };
  /**
   * Secrets are encrypted in etcd with a key of that name; undefined leaves them as they are.
   * The key itself is the substrate's to make and keep.
   */
  secretEncryption: { keyName: string } | undefined;
  /** The nodes, a dedicated cluster's control-plane members included. */
  nodes: PlannedNode[];
}

/** The network of a cluster as it is planned. */
export interface PlannedNetwork extends ContentNetwork {
  /** The members' addresses in the VPC, one a member, which the `kubernetes` Endpoints object shows. */
  memberAddresses: string[];
  /**
   * The annotation by which a Service asks for a load balancer without a public address, and what its value then has in
   * it; undefined where there is none.
   */
  innerLoadBalancer: { annotation: string; value: RegExp } | undefined;
}

/** A node as it is asked for. Which version its kubelet is of, the substrate decides, which alone knows what runs. */
export interface PlannedNode {
  /** Name of the Node object, a DNS-1123 subdomain. */
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  taints: PlannedTaint[];
  /** `spec.providerID`, in the vendor's form, e.g. `cn-beijing.i-2ze0...`. */
  providerId: string;
  /** Its address in the VPC. */
  internalIp: string;
  /** Its public address, where it has one. */
  externalIp?: string;
  /** IPv4 range for the addresses of its pods where it has no share of a Pod range. Several nodes may have the same. */
  podCidr?: string | undefined;
  capacity: {
    /** Number of virtual CPUs. */
    cpu: number;
    memoryMiB: number;
    /** Size of the disk that holds images and containers. */
    ephemeralStorageGiB: number;
    /** Largest number of pods. */
    pods: number;
  };
  system: {
    /** e.g. `Alibaba Cloud Linux (Aliyun Linux) 2.1903`. */
    osImage: string;
    operatingSystem: "linux" | "windows";
    architecture: "amd64" | "arm64";
    /** e.g. `docker://19.3.5`. */
    containerRuntimeVersion: string;
  };
}

/** A taint of a Node, as in `spec.taints`. */
interface PlannedTaint {
  key: string;
  value?: string;
  effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/**
 * One cluster as a substrate sees it: the plan, what the substrate itself noted down about it, and its secrets. Both
 * are kept durably by the caller; `saveState` returns once the patch is committed.
 */
export interface ClusterRecord {
  readonly plan: ClusterPlan;
  /** The substrate's own notes (for `local`: the loopback network, the running version). JSON values only. */
  readonly state: Readonly<Record<string, unknown>>;
  saveState(patch: Record<string, unknown>): Promise<void>;
  readonly secrets: SecretStore;
}

/** Secrets of one cluster, encrypted at rest. Values are texts (PEM, tokens). */
export interface SecretStore {
  get(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
}

/** What a stage may use while it runs. */
export interface StageContext {
  readonly cluster: ClusterRecord;
  /** Fires when the task is cancelled or past its deadline, or Sampan stops: leave the stage soon by throwing. */
  readonly signal: AbortSignal;
  /** Replaces the stage's message, which the user sees in the task. Cheap: call it on every step of progress. */
  report(message: string): void;
  /** Records an event of the cluster (for what the user should know beyond this task). */
  event(level: "info" | "warning", reason: string, message: string): Promise<void>;
}

/** Something that a stage does. */
interface StageAct {
  /** What it does, for people, e.g. `Start etcd`. */
  readonly title: string;
  /**
   * Looks at what is there and makes what is missing, so it can run twice and after a crash at any line. It throws to fail
   * the task; the error's message is what the user reads.
   */
  run(context: StageContext): Promise<void>;
}

/** One step of what is done to a cluster. */
export interface SubstrateStage extends StageAct {
  /** Stable name in kebab-case, e.g. `etcd`; no two stages of one work have the same. */
  readonly name: string;
  readonly kind: StageKind;
  /** Removes what `run` made; needs no more than the cluster's id, as `run` may never have run or done half. */
  readonly undo?: StageAct;
}

/** A stage that makes something. */
export interface UndoableStage extends SubstrateStage {
  readonly undo: StageAct;
}

/** What can be done to a cluster: each the stages that do it, in order. */
export interface SubstrateWork {
  /**
   * Makes a cluster, ending with every planned node Ready. To remove one, whatever state it is in, is to undo its creation:
   * see `undosOf`.
   */
  readonly create: readonly UndoableStage[];
  /**
   * Brings a cluster that runs to what its plan says now: names in the API server's certificate, the public endpoint, and
   * what stands in the cluster. What is as the plan says stays untouched.
   */
  readonly change: readonly SubstrateStage[];
}

/** What a quick look at a cluster takes: less than its record, since lists look at every cluster. */
export interface ClusterLook extends Pick<ClusterRecord, "state" | "secrets"> {
  readonly id: string;
  /** Number of control-plane members. */
  readonly members: number;
}

/** A worker as the living cluster shows it. */
export interface ObservedNode {
  name: string;
  ready: boolean;
}

/** How a cluster is taken up beside others. Without one, it is alone. */
export interface ResumeWay {
  /** Fires when it is not to be taken up any more: leave soon by throwing. */
  readonly signal: AbortSignal;
  /** Runs what boots a control plane when it is the cluster's turn. What runs already is waited for without one. */
  turn(run: () => Promise<void>): Promise<void>;
}

/** Where clusters live. One implementation a world: `local`, `cluster-api`, `simulated`. */
export interface Substrate {
  readonly name: string;
  /** Rejects, with a sentence that says what to do, where this machine cannot run clusters. */
  preflight(): Promise<void>;
  readonly work: SubstrateWork;
  /**
   * After a start of Sampan: takes a created cluster up again. At once, what still runs is looked after and the nodes
   * report; what does not run is started in its turn. Resolves when the whole control plane answers. Where it rejects, it
   * can be called again.
   */
  resume(cluster: ClusterRecord, way?: ResumeWay): Promise<void>;
  /**
   * Before a normal stop of Sampan: stops every cluster's processes and keeps their data.
   * @param hurry fires when there is no time left to end anything gently; without one there is all the time
   */
  suspend(hurry?: AbortSignal): Promise<void>;
  /**
   * An administrator's kubeconfig with a fresh client certificate.
   */
  kubeconfig(cluster: ClusterRecord, wish: KubeconfigWish): Promise<Kubeconfig>;
  /** A new client certificate of an administrator, and where the API server is reached with it at the moment. */
  adminAccess(cluster: ClusterRecord, wish: { lifetimeMinutes: number }): Promise<AdminAccess>;
  /** Whether every control-plane member says that it is ready; false where one does not say so in time. Never rejects. */
  isReady(cluster: ClusterLook): Promise<boolean>;
  /** Read from what is kept; undefined before they are made. */
  serviceAccountKeys(cluster: ClusterRecord): Promise<TokenKeys | undefined>;
  /** The certificate (PEM) of the authority that signs the API server's; undefined before it is made. */
  certificateAuthority(cluster: ClusterRecord): Promise<string | undefined>;
  /** The workers as the living cluster shows them; rejects when its API server does not answer in time. */
  observeNodes(cluster: ClusterRecord): Promise<ObservedNode[]>;
  /** What the substrate's notes tell of a cluster. Looks at nothing else: lists call it for every cluster. */
  describe(state: ClusterRecord["state"]): ClusterDescription;
}
