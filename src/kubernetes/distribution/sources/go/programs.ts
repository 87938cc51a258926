/** An executable that is built from a Go module. */
export interface GoProgram {
  name: string;
  /** Import path of its command. */
  package: string;
  /** Module that the command is in. */
  module: string;
}

/** The module of Kubernetes itself. Its staging modules (`k8s.io/api` …) are published one by one beside it. */
export const kubernetesModule = "k8s.io/kubernetes";

/** What is built of Kubernetes. */
export const kubernetesPrograms: readonly GoProgram[] = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubectl",
].map((name) => ({ name, package: `${kubernetesModule}/cmd/${name}`, module: kubernetesModule }));

/** The module of etcd's server, whose versions are those of etcd. */
export const etcdModule = "go.etcd.io/etcd/server/v3";

/** What clusters need of etcd. */
export const etcdServer: GoProgram = { name: "etcd", package: etcdModule, module: etcdModule };

/** What looks into etcd's data. */
export const etcdTools: readonly GoProgram[] = ["etcdctl", "etcdutl"].map((name) => ({
  name,
  package: `go.etcd.io/etcd/${name}/v3`,
  module: `go.etcd.io/etcd/${name}/v3`,
}));
