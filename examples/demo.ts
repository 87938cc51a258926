/**
 * `npm run demo`: creates the documented managed cluster on a Sampan of its own, through Alibaba Cloud's own SDK, and goes
 * on serving until it is interrupted. Then it deletes the cluster and leaves nothing behind.
 */

import { mkdtemp, readFile, realpath, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { settings } from "../src/config.ts";
import {
  type AckClient,
  createAckClient,
  sdk,
  throwIfFailed,
  toCreateClusterRequest,
  untilSuccess,
  watchTask,
} from "./demo/ack.ts";
import { cleanUp } from "./demo/clean-up.ts";
import { fired, watchInterruption } from "./demo/interruption.ts";
import { type Kubectl, kubectlOf } from "./demo/kubectl.ts";
import { runSteps, type ShownStep, type Step } from "./demo/progress.ts";
import { freePort, startTemporaryService, type TemporaryService } from "./demo/service.ts";

const sampleRequest = join(import.meta.dirname, "ack-managed-cluster.json");
const deployment = join(import.meta.dirname, "deployment.yaml");

/** States of a stage that has done its work. A task that failed may have taken it back since. */
const done: ReadonlySet<string> = new Set(["success", "rolled_back"]);

/** What the demo has made so far, for the steps that follow and for cleaning up. */
interface Demo {
  /** Temporary folder of everything that the demo writes. */
  folder: string;
  service?: TemporaryService;
  client?: AckClient;
  url?: string;
  clusterId?: string;
  taskId?: string;
  kubectl?: Kubectl;
  pods?: string;
}

const write = (text: string) => process.stdout.write(`${text}\n`);

async function main(): Promise<number> {
  const interruption = watchInterruption();
  const demo: Demo = { folder: await realpath(await mkdtemp(join(tmpdir(), "sampan-demo-"))) };
  const problems: string[] = [];
  try {
    write("Sampan's demo: a managed cluster with three nodes, asked for with Alibaba Cloud's own SDK.\n");
    await runSteps(creationSteps(demo, interruption.stop));
    await showCluster(demo, interruption.stop);
    await serveOn(demo, interruption.stop);
  } catch (error) {
    // What fails once the demo was interrupted fails for that reason.
    if (!interruption.stop.aborted) problems.push(`The demo failed. ${(error as Error).message}`);
  }
  write("\nCleaning up. Ctrl-C once more makes it quicker.\n");
  try {
    await cleanUp(demo, interruption);
    write(interruption.hurry.aborted ? "\nNo process and no file is left behind." : "\nNothing is left behind.");
  } catch (error) {
    problems.push(`Cleaning up failed. ${(error as Error).message}`);
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}

function creationSteps(demo: Demo, signal: AbortSignal): Step[] {
  return [
    { title: "Start Sampan", run: (shown) => startService(demo, shown, signal) },
    {
      title: `Create the cluster of ${relativePath(sampleRequest)}`,
      run: (shown) => createCluster(demo, shown, signal),
    },
    { title: "Ask for its kubeconfig", run: () => fetchKubeconfig(demo, signal) },
    { title: `Run the pods of ${relativePath(deployment)}`, run: (shown) => deploy(demo, shown, signal) },
  ];
}

async function startService(demo: Demo, shown: ShownStep, signal: AbortSignal): Promise<undefined> {
  const port =
    process.env.SAMPAN_PORT || (await freePort(process.env.SAMPAN_HOST || "127.0.0.1", settings.port.fallback()));
  // The demo's cluster has no place in a database that others use.
  demo.service = await startTemporaryService(demo.folder, { SAMPAN_PORT: port, SAMPAN_DATABASE_URL: undefined });
  demo.url = await demo.service.serving(signal);
  demo.client = await createAckClient(demo.url, demo.service.credentialsFile);
  shown.rename(`Sampan serves at ${demo.url}`);
}

async function createCluster(demo: Demo, shown: ShownStep, signal: AbortSignal): Promise<Step[]> {
  const client = present(demo.client);
  const sample = JSON.parse(await readFile(sampleRequest, "utf8"));
  signal.throwIfAborted();
  const { body } = await client.createCluster(toCreateClusterRequest(sample));
  demo.clusterId = present(body?.clusterId);
  demo.taskId = present(body?.taskId);
  shown.rename(`CreateCluster ${relativePath(sampleRequest)}: cluster ${demo.clusterId}, task ${demo.taskId}`);
  return stageSteps(client, demo.taskId, signal);
}

/** A step for each stage of the task. The task lists them when its turn has come. */
async function stageSteps(client: AckClient, taskId: string, signal: AbortSignal): Promise<Step[]> {
  for await (const task of watchTask(client, taskId, signal)) {
    throwIfFailed(task);
    if (!task.stages?.length) continue;
    return task.stages.map((stage, index) => ({
      title: stage.message ?? "",
      run: (shown) => watchStage(client, taskId, { index, title: stage.message ?? "" }, shown, signal),
    }));
  }
  return [];
}

async function watchStage(
  client: AckClient,
  taskId: string,
  { index, title }: { index: number; title: string },
  shown: ShownStep,
  signal: AbortSignal,
): Promise<undefined> {
  for await (const task of watchTask(client, taskId, signal)) {
    const stage = task.stages?.[index];
    const message = stage?.message === title ? undefined : stage?.message;
    if (stage?.state && done.has(stage.state)) {
      shown.rename([title, message && `: ${message}`, secondsOf(stage)].join(""));
      return;
    }
    throwIfFailed(task);
    if (message !== undefined) shown.say(message);
  }
}

function secondsOf({ startTime, endTime }: { startTime?: string; endTime?: string } = {}): string {
  if (!startTime || !endTime) return "";
  return ` (${((Date.parse(endTime) - Date.parse(startTime)) / 1000).toFixed(1)} s)`;
}

async function fetchKubeconfig(demo: Demo, signal: AbortSignal): Promise<undefined> {
  const client = present(demo.client);
  const clusterId = present(demo.clusterId);
  await untilSuccess(client, present(demo.taskId), signal);
  const detail = await client.describeClusterDetail(clusterId);
  const { body } = await client.describeClusterUserKubeconfig(
    clusterId,
    new sdk.DescribeClusterUserKubeconfigRequest({}),
  );
  const kubeconfig = kubeconfigFile(demo);
  await writeFile(kubeconfig, present(body?.config), { mode: 0o600 });
  const { RunningKubernetesVersion: version } = JSON.parse(present(detail.body?.metaData)) as Record<string, string>;
  demo.kubectl = await kubectlOf(present(version), { kubeconfig, home: demo.folder });
}

async function deploy(demo: Demo, shown: ShownStep, signal: AbortSignal): Promise<undefined> {
  const kubectl = present(demo.kubectl);
  shown.say("Applying it.");
  await kubectl.run(["apply", "--filename", deployment], signal);
  shown.say("Waiting for the pods to be Ready.");
  await kubectl.run(["rollout", "status", "--filename", deployment, "--timeout", "120s"], signal);
}

async function showCluster(demo: Demo, signal: AbortSignal): Promise<void> {
  for (const args of [
    ["get", "nodes"],
    ["get", "pods", "--output", "wide"],
  ]) {
    write(`\n$ kubectl ${args.join(" ")}`);
    write(await present(demo.kubectl).run(args, signal));
  }
}

async function serveOn(demo: Demo, signal: AbortSignal): Promise<void> {
  const service = present(demo.service);
  write(`
The cluster runs, and Sampan goes on serving. To go on in another terminal:

  export KUBECONFIG=${kubeconfigFile(demo)}
  ${present(demo.kubectl).path} get pods --all-namespaces

  API of ACK    ${demo.url}
  access key    ${service.credentialsFile}
  log           ${service.logFile}

Ctrl-C deletes the cluster, stops Sampan and leaves nothing behind.`);
  const end = await Promise.race([service.ended, fired(signal)]);
  if (end !== undefined) throw new Error(end);
}

const kubeconfigFile = ({ folder }: Demo): string => join(folder, "kubeconfig");

const relativePath = (path: string): string => relative(join(import.meta.dirname, ".."), path);

/** A value that an earlier step has made. */
function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The service's answer lacks a field that it must have.");
  return value;
}

process.exitCode = await main();
