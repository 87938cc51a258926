import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

// The SDK is CommonJS, and importing it as a module gives different shapes in Node.js and in test runners.
const require = createRequire(import.meta.url);

/** Alibaba Cloud's own SDK for ACK, as npm installs it. */
export const sdk: typeof import("@alicloud/cs20151215", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/cs20151215");
const { $OpenApiUtil }: typeof import("@alicloud/openapi-core", { with: { "resolution-mode": "require" }}) =
  require("@alicloud/openapi-core");

/** The SDK's client. */
export type AckClient = InstanceType<typeof sdk.default>;

/** A task as DescribeTaskInfo tells of it. */
export type AckTask = InstanceType<typeof sdk.DescribeTaskInfoResponseBody>;

/** Milliseconds that the SDK waits for an answer; its own 3,000 are few on a machine that boots clusters. */
const patienceMs = 30_000;

/** Pause between two looks at a task, in milliseconds. */
const taskPollMs = 250;

/**
 * A client for a Sampan.
 *
 * @param url base address of its API.
 * @param credentialsFile the file that Sampan keeps its access key in.
 */
export async function createAckClient(url: string, credentialsFile: string): Promise<AckClient> {
  const { accessKeyId, accessKeySecret } = JSON.parse(await readFile(credentialsFile, "utf8"));
  const { host, protocol } = new URL(url);
  return new sdk.default(
    new $OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      endpoint: host,
      protocol: protocol.replace(":", ""),
      regionId: "cn-zhangjiakou",
      connectTimeout: patienceMs,
      readTimeout: patienceMs,
    }),
  );
}

/** The SDK's form of a CreateCluster request that is written as the API's documents write it: the SDK renames fields. */
export function toCreateClusterRequest(body: Readonly<Record<string, unknown>>) {
  const properties = Object.entries(sdk.CreateClusterRequest.names()).map(([property, field]) => [
    property,
    body[field],
  ]);
  return new sdk.CreateClusterRequest(Object.fromEntries(properties));
}

/**
 * Looks at a task again and again; ends with the look that finds it ended.
 *
 * @param pollMs pause between two looks, in milliseconds.
 * @throws the signal's reason when it fires.
 */
export async function* watchTask(
  client: AckClient,
  taskId: string,
  signal: AbortSignal,
  pollMs = taskPollMs,
): AsyncGenerator<AckTask> {
  while (true) {
    signal.throwIfAborted();
    const { body } = await client.describeTaskInfo(taskId);
    const task = body ?? new sdk.DescribeTaskInfoResponseBody();
    yield task;
    if (hasEnded(task)) return;
    await sleep(pollMs, undefined, { signal });
  }
}

/** Whether the task has reached a state that it never leaves. */
const hasEnded = ({ state }: AckTask): boolean => state === "success" || state === "fail";

/**
 * Waits until a task has succeeded.
 * @throws {Error} with the task's own message where it fails; the signal's reason.
 */
export async function untilSuccess(
  client: AckClient,
  taskId: string,
  signal: AbortSignal,
  pollMs?: number,
): Promise<void> {
  for await (const task of watchTask(client, taskId, signal, pollMs)) throwIfFailed(task);
}

/** @throws {Error} with the task's own message where it has failed. */
export function throwIfFailed({ state, error, taskId }: AckTask): void {
  if (state === "fail") throw new Error(error?.message ?? `Task ${taskId} failed.`);
}

/** Deletes a cluster, whatever state it is in, also where it is protected or being made; does nothing where it is gone. */
export async function deleteCluster(client: AckClient, clusterId: string, signal: AbortSignal): Promise<void> {
  try {
    await client.modifyCluster(clusterId, new sdk.ModifyClusterRequest({ deletionProtection: false }));
    const { body } = await client.deleteCluster(clusterId, new sdk.DeleteClusterRequest({}));
    await untilSuccess(client, body?.taskId ?? "", signal);
  } catch (error) {
    if ((error as { code?: string }).code !== "ErrorClusterNotFound") throw error;
  }
}
