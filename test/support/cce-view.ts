import { join } from "node:path";
import {
  type CceBody,
  type CceClient,
  type CceCluster,
  clusterCertificate,
  createCceClient,
  runningCceCluster,
  showCceCluster,
} from "./cce-sdk.ts";
import { type EtcdMember, etcdMember } from "./etcd.ts";
import { configMapOf, type Kubectl, kubectlWith, objectNames } from "./kubectl.ts";
import type { TestService } from "./service.ts";

/** A cluster of the CCE dialect that runs, and what looks into it. */
export interface CceView {
  /** A UUID. */
  readonly uid: string;
  /** As the service's folders and ACK's ids have it: 32 hexadecimal digits. */
  readonly id: string;
  /** With the cluster's certificate, at its current context. */
  readonly kubectl: Kubectl;
  /** First three octets of its addresses. */
  readonly network: string;
  /** Where its processes keep their files. */
  readonly folder: string;
  /** Its etcd, past the API server. @param member counted from 1 */
  etcd(member: number): EtcdMember;
  show(): Promise<CceCluster>;
  /** The data of a ConfigMap in `kube-system`. */
  configMap(name: string): Promise<Record<string, string>>;
  /** Names of the objects of some kinds in all namespaces, as `DaemonSet/kube-proxy`. */
  names(kinds: string): Promise<string[]>;
  /** What the service has said about it, in one text. */
  log(): Promise<string>;
}

/** Asks for a cluster through the SDK and waits until it runs. */
export async function runningCceView(service: TestService, body: CceBody): Promise<CceView> {
  const client = createCceClient(service);
  const { uid } = await runningCceCluster(client, body);
  return cceViewOf(service, client, uid);
}

/** Looks into a cluster that runs, through CCE and by `kubectl`. */
export async function cceViewOf(service: TestService, client: CceClient, uid: string): Promise<CceView> {
  const id = uid.replaceAll("-", "");
  const folder = join(service.home, "clusters", id);
  const network = networkOf(await showCceCluster(client, uid));
  const kubectl = await kubectlOf(service, client, uid);
  return {
    uid,
    id,
    kubectl,
    network,
    folder,
    etcd: (member) => etcdMember(folder, `member-${member}`, `${network}.${10 + member}`),
    show: () => showCceCluster(client, uid),
    configMap: (name) => configMapOf(kubectl, name),
    names: (kinds) => objectNames(kubectl, kinds),
    log: async () => {
      // CCE has no operation for it.
      const { body } = await service.client.describeClusterLogs(`c${id}`);
      return (body ?? []).map(({ clusterLog }) => clusterLog).join("\n");
    },
  };
}

/** `kubectl` with a new certificate of a cluster, which is a kubeconfig once it is written to a file. */
export async function kubectlOf(service: TestService, client: CceClient, uid: string): Promise<Kubectl> {
  const { httpStatusCode: _, ...kubeconfig } = await clusterCertificate(client, uid);
  return kubectlWith(JSON.stringify(kubeconfig), join(service.folder, `kubeconfig-${uid}`));
}

/** Addresses of the API server by type: `Internal`, `External`. */
export function endpointsOf({ status }: Pick<CceCluster, "status">): Record<string, string> {
  return Object.fromEntries((status?.endpoints ?? []).map(({ type, url }) => [type, url]));
}

const networkOf = (cluster: CceCluster): string =>
  new URL(endpointsOf(cluster).Internal ?? "").hostname.replace(/\.\d+$/, "");
