import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import type { ServiceCredentials } from "./service.ts";

// The SDK is CommonJS, and importing it as a module gives different shapes in Node.js and in the test runner.
const require = createRequire(import.meta.url);

/** The official SDK. */
export const cce: typeof import("@huaweicloud/huaweicloud-sdk-cce", { with: { "resolution-mode": "require" }}) =
  require("@huaweicloud/huaweicloud-sdk-cce");
const core: typeof import("@huaweicloud/huaweicloud-sdk-core", { with: { "resolution-mode": "require" }}) =
  require("@huaweicloud/huaweicloud-sdk-core");

// It writes every refusal to the standard output, and tests ask for many.
const log4js: { getLogger(): { level: string } } = createRequire(require.resolve("@huaweicloud/huaweicloud-sdk-core"))(
  "log4js",
);
log4js.getLogger().level = "off";

/** A client of the official SDK. */
export type CceClient = InstanceType<typeof cce.CceClient>;
/** A body as the documents spell it. */
export type CceBody = { metadata: Record<string, unknown>; spec: Record<string, unknown> } & Record<string, unknown>;
/** What an operation on a cluster answers. */
export type CceCluster = Awaited<ReturnType<CceClient["showCluster"]>>;

/** Where a service is, and who asks. */
export interface CceTarget {
  url: string;
  credentials: ServiceCredentials;
}

// With a name of its own for the agent, the SDK writes no application id into the user's home folder.
const options = { customUserAgent: "sampan-test" };

/** A client that knows its project. */
export function createCceClient({ url, credentials }: CceTarget): CceClient {
  const { accessKeyId, accessKeySecret, projectId } = credentials;
  const credential = new core.BasicCredentials().withAk(accessKeyId).withSk(accessKeySecret).withProjectId(projectId);
  return cce.CceClient.newBuilder().withCredential(credential).withEndpoint(url).withOptions(options).build();
}

/** A client that knows a region, and has to ask IAM which project that is. */
export function createRegionalCceClient({ url, credentials }: CceTarget, region: string): CceClient {
  const { accessKeyId, accessKeySecret } = credentials;
  const credential = new core.BasicCredentials().withAk(accessKeyId).withSk(accessKeySecret).withIamEndpoint(url);
  const builder = cce.CceClient.newBuilder().withCredential(credential).withOptions(options);
  return builder.withRegion(new core.Region(region, url)).build();
}

/** A documented sample, as it stands. */
export function cceSample(name: "virtual-machine" | "bare-metal"): CceBody {
  return JSON.parse(readFileSync(new URL(`../../examples/cce-${name}-cluster.json`, import.meta.url), "utf8"));
}

/** The smallest request. @param spec what it has beside that, or in its place */
export function smallCceBody(name: string, spec: Record<string, unknown> = {}): CceBody {
  return {
    kind: "Cluster",
    apiVersion: "v3",
    metadata: { name },
    spec: {
      type: "VirtualMachine",
      flavor: "cce.s1.small",
      hostNetwork: { vpc: "vpc-test", subnet: "subnet-test" },
      containerNetwork: { mode: "vpc-router", cidr: "172.20.0.0/16" },
      ...spec,
    },
  };
}

/** The ids of a cluster and of the job that works on it. */
export interface CceAccepted {
  uid: string;
  jobId: string;
}

/** The ids in an answer. */
export function acceptedOf({ metadata, status }: Pick<CceCluster, "metadata" | "status">): CceAccepted {
  return { uid: metadata?.uid ?? "", jobId: status?.jobID ?? "" };
}

/** Asks for a cluster. */
export const createCceCluster = (client: CceClient, body: CceBody) =>
  client.createCluster(Object.assign(new cce.CreateClusterRequest(), { body }));

/** Changes a cluster. @param body of UpdateCluster, which may have more than the SDK knows */
export const updateCceCluster = (client: CceClient, uid: string, body: Record<string, unknown>) =>
  client.updateCluster(Object.assign(new cce.UpdateClusterRequest(uid), { body }));

/** The cluster as it is now. */
export const showCceCluster = (client: CceClient, uid: string): Promise<CceCluster> =>
  client.showCluster(new cce.ShowClusterRequest(uid));

/** Asks for the deletion of a cluster. */
export const deleteCceCluster = (client: CceClient, uid: string) =>
  client.deleteCluster(new cce.DeleteClusterRequest(uid));

/** The job as it is now. */
export const showCceJob = (client: CceClient, jobId: string) => client.showJob(new cce.ShowJobRequest(jobId));

/** Milliseconds between two looks at a job: each look takes some of the processor from what it waits for. */
const jobPause = 300;

/** Waits until a job has ended well, and gives it. */
export async function successOfJob(client: CceClient, jobId: string) {
  const ended = await eventually(async () => {
    const job = await showCceJob(client, jobId);
    expect(["Success", "Failed"], JSON.stringify(job)).toContain(job.status?.phase);
    return job;
  }, jobPause);
  expect(ended.status?.phase, JSON.stringify(ended)).toBe("Success");
  return ended;
}

/** Asks for a cluster and waits until it runs. */
export async function runningCceCluster(client: CceClient, body: CceBody): Promise<CceAccepted> {
  const accepted = acceptedOf(await createCceCluster(client, body));
  await successOfJob(client, accepted.jobId);
  return accepted;
}

/** The certificate of a cluster: a kubeconfig. */
export const clusterCertificate = (client: CceClient, uid: string, body: Record<string, unknown> = { duration: 1 }) =>
  client.createKubernetesClusterCert(Object.assign(new cce.CreateKubernetesClusterCertRequest(uid), { body }));

/** What the SDK throws for a refusal. */
export const sdkRefusal = (status: number, code: string, message: unknown = expect.stringMatching(/./)) =>
  expect.objectContaining({
    httpStatusCode: status,
    errorCode: code,
    errorMsg: message,
    requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
