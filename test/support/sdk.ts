import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "vitest";
import { eventually } from "./eventually.ts";

// The SDK is CommonJS, and importing it as a module gives different shapes in Node.js and in the test runner.
const require = createRequire(import.meta.url);

/** The official SDK. */
export const sdk: typeof import("@alicloud/cs20151215", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/cs20151215");
const openApi: typeof import("@alicloud/openapi-core", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-core");

/** A client of the official SDK. */
export type AckClient = InstanceType<typeof sdk.default>;
/** A request as the documents spell it. */
export type AckBody = Record<string, unknown>;

/** The key that signs requests. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
}

/** Milliseconds that the SDK waits for an answer; its own 3,000 would make a busy machine fail the tests. */
const patience = 60_000;

/** @param endpoint `host:port`, as the SDK wants it */
export function createAckClient(endpoint: string, { accessKeyId, accessKeySecret }: Credentials): AckClient {
  const times = { readTimeout: patience, connectTimeout: patience };
  return new sdk.default(
    new openApi.$OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      endpoint,
      protocol: "http",
      regionId: "cn-zhangjiakou",
      ...times,
    }),
  );
}

/** The documented sample of a managed cluster. */
export function sampleBody(): AckBody {
  const file = new URL("../../examples/ack-managed-cluster.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** The smallest request: a cluster without nodes. */
export function smallBody(name: string, further: AckBody = {}): AckBody {
  return {
    name,
    cluster_type: "ManagedKubernetes",
    region_id: "cn-zhangjiakou",
    vpcid: "vpc-test",
    vswitch_ids: ["vsw-test"],
    container_cidr: "172.20.0.0/16",
    service_cidr: "172.21.0.0/20",
    ...further,
  };
}

/** What a request for one worker has on top of the smallest. */
export const oneNode: AckBody = {
  num_of_nodes: 1,
  worker_instance_types: ["ecs.c6.large"],
  worker_system_disk_category: "cloud_essd",
  worker_system_disk_size: 40,
  key_pair: "test",
};

/** A documented body as the SDK's request, whose members have the names of the SDK. */
function toCreateRequest(body: AckBody) {
  const members = Object.entries(sdk.CreateClusterRequest.names()).map(([member, field]) => [member, body[field]]);
  return new sdk.CreateClusterRequest(Object.fromEntries(members));
}

/** The ids of a cluster and of the task that works on it. */
export interface Accepted {
  clusterId: string;
  taskId: string;
}

/** Asks for a cluster. */
export async function createCluster(client: AckClient, body: AckBody): Promise<Accepted> {
  const { body: accepted } = await client.createCluster(toCreateRequest(body));
  expect(accepted).toMatchObject({ clusterId: expect.stringMatching(/^c[0-9a-f]{32}$/), taskId: expect.any(String) });
  return { clusterId: accepted?.clusterId ?? "", taskId: accepted?.taskId ?? "" };
}

/** Asks for the deletion of a cluster. */
export async function deleteCluster(client: AckClient, clusterId: string): Promise<Accepted> {
  const { body } = await client.deleteCluster(clusterId, new sdk.DeleteClusterRequest({}));
  return { clusterId, taskId: body?.taskId ?? "" };
}

/** The task as it is now. */
export async function task(client: AckClient, taskId: string) {
  const { body } = await client.describeTaskInfo(taskId);
  if (!body) throw new Error(`The service answered nothing for task ${taskId}.`);
  return body;
}

/** Waits until a task has ended, one way or the other, and gives it. */
export async function endOf(client: AckClient, { taskId }: Pick<Accepted, "taskId">) {
  return eventually(async () => {
    const current = await task(client, taskId);
    expect(["success", "fail"], `the state of ${JSON.stringify(current)}`).toContain(current.state);
    return current;
  });
}

/** Waits until a task has ended well, and gives it. */
export async function successOf(client: AckClient, accepted: Pick<Accepted, "taskId">) {
  const ended = await endOf(client, accepted);
  expect(ended.state, JSON.stringify(ended)).toBe("success");
  return ended;
}

/** Asks for a cluster and waits until it runs. */
export async function runningCluster(client: AckClient, body: AckBody): Promise<Accepted> {
  const accepted = await createCluster(client, body);
  await successOf(client, accepted);
  return accepted;
}

/** Deletes a cluster and waits until it is gone. */
export async function removeCluster(client: AckClient, clusterId: string): Promise<void> {
  await successOf(client, await deleteCluster(client, clusterId));
}

/** Every cluster of the account. */
export async function allClusters(client: AckClient) {
  const { body } = await client.describeClustersV1(new sdk.DescribeClustersV1Request({ pageSize: 100 }));
  return body?.clusters ?? [];
}
