import { join } from "node:path";
import { expect } from "vitest";
import { type EtcdMember, etcdMember } from "./etcd.ts";
import { configMapOf, type Kubectl, kubectlFor, objectNames } from "./kubectl.ts";
import { sendRaw } from "./raw-client.ts";
import { type AckBody, successOf } from "./sdk.ts";
import type { TestService } from "./service.ts";

/** A node as `kubectl get nodes` shows it: what tests look at. */
export interface NodeObject {
  metadata: { name: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: { podCIDR?: string; taints?: { key: string; value?: string; effect: string }[]; providerID: string };
  status: {
    capacity: Record<string, string>;
    nodeInfo: Record<string, string>;
    addresses: { type: string; address: string }[];
  };
}

/** One of DescribeClusterResources. */
interface ResourceView {
  /** e.g. `VPC::NatGateway`. */
  type: string;
  id: string;
  /** Whether it was there before the cluster. */
  existing: boolean;
  properties: Record<string, unknown>;
  /** Whether it goes with the cluster. */
  deletedWithCluster: boolean;
  /** Ids of what it needs. */
  needs: string[];
}

/** One cluster and what looks into it. */
export interface ClusterView {
  readonly clusterId: string;
  readonly kubectl: Kubectl;
  /** First three octets of its addresses. */
  readonly network: string;
  /** Where its processes keep their files. */
  readonly folder: string;
  /** Its etcd, past the API server. @param member counted from 1 */
  etcd(member: number): EtcdMember;
  /** Its nodes, by name. @param selector of labels */
  nodes(selector?: string): Promise<NodeObject[]>;
  /** The data of a ConfigMap in `kube-system`. */
  configMap(name: string): Promise<Record<string, string>>;
  /** Names of the objects of some kinds in all namespaces, as `DaemonSet/kube-proxy`. */
  names(kinds: string): Promise<string[]>;
  /** DescribeClusterDetail, as it is sent. */
  detail(): Promise<Record<string, unknown>>;
  /** `master_url`: addresses of the API server by name. */
  endpoints(): Promise<Record<string, string>>;
  /** DescribeClusterNodePools, as it is sent. */
  nodePools(): Promise<Record<string, Record<string, unknown>>[]>;
  /** DescribeClusterNodes, as it is sent. */
  instances(): Promise<Record<string, unknown>[]>;
  /** DescribeClusterResources of a type, add-ons' included. @param type e.g. `VPC::NatGateway` */
  resources(type: string): Promise<ResourceView[]>;
  /** What DescribeClusterLogs tells, in one text. */
  log(): Promise<string>;
}

/** Asks for a cluster by plain HTTP with a body as it stands, and waits until it runs. */
export async function runningView(service: TestService, body: AckBody): Promise<ClusterView> {
  const { status, json } = await sendRaw(service, { method: "POST", path: "/clusters", body: JSON.stringify(body) });
  expect(status, JSON.stringify(json)).toBe(200);
  await successOf(service.client, { taskId: String(json?.task_id) });
  return viewOf(service, String(json?.cluster_id));
}

/** Looks into a cluster that runs, by the API and by `kubectl`. */
export async function viewOf(service: TestService, clusterId: string): Promise<ClusterView> {
  const path = `/clusters/${clusterId}`;
  const get = async <T>(below: string, query = {}): Promise<T> =>
    (await sendRaw(service, { path: `${path}${below}`, query })).json as T;
  const detail = () => get<Record<string, unknown>>("");
  const endpoints = async () => JSON.parse(String((await detail()).master_url)) as Record<string, string>;
  const network = new URL((await endpoints()).intranet_api_server_endpoint ?? "").hostname.replace(/\.\d+$/, "");
  const folder = join(service.home, "clusters", clusterId.slice(1));
  const kubectl = await kubectlFor(service.client, clusterId, service.folder);
  return {
    clusterId,
    kubectl,
    network,
    folder,
    etcd: (member) => etcdMember(folder, `member-${member}`, `${network}.${10 + member}`),
    nodes: async (selector = "") =>
      (await kubectl.json<{ items: NodeObject[] }>(["get", "nodes", `--selector=${selector}`])).items,
    configMap: (name) => configMapOf(kubectl, name),
    names: (kinds) => objectNames(kubectl, kinds),
    detail,
    endpoints,
    nodePools: async () =>
      (await get<{ nodepools: Record<string, Record<string, unknown>>[] }>("/nodepools")).nodepools,
    instances: async () => (await get<{ nodes: Record<string, unknown>[] }>("/nodes", { pageSize: "100" })).nodes,
    resources: async (type) => {
      const all = await get<WireResource[]>("/resources", { with_addon_resources: "true" });
      return all.filter(({ resource_type }) => resource_type === `ALIYUN::${type}`).map(toResourceView);
    },
    log: async () => (await get<{ cluster_log: string }[]>("/logs")).map((line) => line.cluster_log).join("\n"),
  };
}

interface WireResource {
  resource_type: string;
  instance_id: string;
  auto_create: number;
  resource_info: string;
  delete_behavior: { delete_by_default: boolean };
  dependencies: { instance_id: string }[];
}

const toResourceView = (resource: WireResource): ResourceView => ({
  type: resource.resource_type,
  id: resource.instance_id,
  existing: resource.auto_create === 0,
  properties: JSON.parse(resource.resource_info).Properties,
  deletedWithCluster: resource.delete_behavior.delete_by_default,
  needs: resource.dependencies.map(({ instance_id }) => instance_id),
});
