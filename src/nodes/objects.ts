/** The parts of Kubernetes objects that the simulator reads and writes, as JSON has them. */
export interface ObjectMeta {
  name: string;
  /** Empty for objects of the whole cluster. */
  namespace?: string;
  uid: string;
  resourceVersion: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  deletionTimestamp?: string;
  /** How long the pod's containers had to stop; 0 once the kubelet has let it go. */
  deletionGracePeriodSeconds?: number;
}

/** Any object that a watch delivers. */
export interface KubernetesObject {
  metadata: ObjectMeta;
}

/** One entry of `status.conditions` of a Node or a Pod. */
export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
}

/** One entry of a Node's `status.addresses`. */
export interface NodeAddress {
  type: "InternalIP" | "ExternalIP" | "Hostname" | "InternalDNS";
  address: string;
}

/** What a kubelet reports of its machine. */
export interface NodeStatus {
  capacity?: Record<string, string>;
  allocatable?: Record<string, string>;
  addresses?: NodeAddress[];
  daemonEndpoints?: { kubeletEndpoint?: { Port: number } };
  nodeInfo?: Record<string, string>;
  conditions?: Condition[];
}

/** A Node object. */
export interface NodeObject extends KubernetesObject {
  spec?: { podCIDR?: string; podCIDRs?: string[]; providerID?: string };
  status?: NodeStatus;
}

/** A container as a pod asks for it. */
export interface ContainerSpec {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  /** `Always` makes an init container a sidecar: it goes on running beside the others (Kubernetes 1.28 and later). */
  restartPolicy?: string;
}

/** The end of one run of a container. */
interface TerminatedState {
  exitCode: number;
  reason: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

/** What a container does; one of the three. */
export interface ContainerState {
  waiting?: { reason?: string };
  running?: { startedAt: string };
  terminated?: TerminatedState;
}

/** One entry of a pod's `status.containerStatuses` and its siblings. */
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  started?: boolean;
  restartCount: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

/** How far a pod has come. */
type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

/** What a kubelet reports of a pod. */
export interface PodStatus {
  phase?: PodPhase;
  /** Why the pod as a whole has the phase, in CamelCase and in a sentence. */
  reason?: string;
  message?: string;
  hostIP?: string;
  podIP?: string;
  podIPs?: { ip: string }[];
  startTime?: string;
  conditions?: Condition[];
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  ephemeralContainerStatuses?: ContainerStatus[];
}

/** A Pod. */
export interface PodObject extends KubernetesObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    restartPolicy?: "Always" | "OnFailure" | "Never";
    /** Seconds from the start that the pod may run, whatever its restart policy. */
    activeDeadlineSeconds?: number;
    readinessGates?: { conditionType: string }[];
    initContainers?: ContainerSpec[];
    containers: ContainerSpec[];
    ephemeralContainers?: ContainerSpec[];
  };
  status?: PodStatus;
}

/** One entry of a Service's `status.loadBalancer.ingress`: where a load balancer listens. */
export interface LoadBalancerIngress {
  ip?: string;
  hostname?: string;
}

/** A Service. */
export interface ServiceObject extends KubernetesObject {
  spec: {
    type?: "ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName";
    /** The address that the user wants; Kubernetes does not check that it is one. */
    loadBalancerIP?: string;
    /** Another implementation of load balancers, whose Service it is then (Kubernetes 1.21 and later). */
    loadBalancerClass?: string;
  };
  status?: { loadBalancer?: { ingress?: LoadBalancerIngress[] } };
}

/** Time in the form of most fields (`metav1.Time`): RFC 3339 in UTC, whole seconds. */
export function toKubernetesTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Time in the form of a Lease's `renewTime` (`metav1.MicroTime`): exactly six digits after the point. */
export function toMicroTime(time: Date): string {
  return time.toISOString().replace(/Z$/, "000Z");
}

/** `<namespace>/<name>`, or the name alone for objects of the whole cluster. Unique among objects of one kind. */
export function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return namespace ? `${namespace}/${name}` : name;
}
