import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseIpv4Range, rangeContains } from "../src/cidr.ts";
import { clustersOf, newToken, type RawCceRequest, sendCce } from "./support/cce-raw.ts";
import {
  acceptedOf,
  type CceAccepted,
  type CceClient,
  cce,
  createCceClient,
  deleteCceCluster,
  sdkRefusal,
  showCceCluster,
  showCceJob,
  smallCceBody,
  successOfJob,
} from "./support/cce-sdk.ts";
import { installedDistribution } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { kubectlFor, kubectlPause } from "./support/kubectl.ts";
import {
  type Accepted,
  type AckClient,
  allClusters,
  createCluster,
  deleteCluster,
  oneNode,
  sdk,
  smallBody,
  successOf,
  task,
} from "./support/sdk.ts";
import { startService, type TestService } from "./support/service.ts";

/** One network for both: they ask for the same ranges in it. */
const fleetVpc = "vpc-fleet";
const givenPodCidr = "172.20.0.0/16";
const unknown = "00000000-0000-0000-0000-000000000000";

let service: TestService;
let ackClient: AckClient;
let cceClient: CceClient;
/** The second project of the account, and a token that is good there alone. */
let other: { projectId: string; token: string };
/** Made through ACK: it is in the account's first project. */
let fromAck: Accepted & { uid: string };
/** Made through CCE, in the second project. */
let fromCce: CceAccepted & { clusterId: string };

beforeAll(async () => {
  service = await startService();
  ackClient = service.client;
  cceClient = createCceClient(service);
  other = await newProject("cn-north-4_other");
  const accepted = await createCluster(ackClient, smallBody("from-ack", { ...oneNode, vpcid: fleetVpc }));
  fromAck = { ...accepted, uid: toUid(accepted.clusterId) };
  const body = smallCceBody("from-cce", {
    hostNetwork: { vpc: fleetVpc, subnet: "subnet-fleet" },
    containerNetwork: { mode: "vpc-router", cidr: givenPodCidr },
  });
  const { json } = await inOther({ method: "POST", path: clustersOf(other.projectId), body: JSON.stringify(body) });
  const ids = acceptedOf(json ?? {});
  fromCce = { ...ids, clusterId: `c${ids.uid.replaceAll("-", "")}` };
  await successOfJob(cceClient, jobOf(fromAck.taskId));
  await successOf(ackClient, { taskId: await taskOf(fromCce.jobId) });
});

afterAll(() => service?.dispose());

async function newProject(name: string) {
  const body = JSON.stringify({ project: { name } });
  const { status, json, text } = await sendCce(service, { method: "POST", path: "/v3/projects", body });
  expect(status, text).toBe(201);
  const { id } = (json as { project: { id: string } }).project;
  return { projectId: id, token: await newToken(service, { scope: { project: { id } } }) };
}

/** Sends with the token of the second project. */
const inOther = (request: RawCceRequest) => sendCce(service, { token: other.token, ...request });

/** ACK's id of a cluster as CCE spells it. */
const toUid = (clusterId: string): string => clusterId.slice(1).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");

/** The id of the CCE job that is an ACK task. */
const jobOf = (taskId: string): string => toUid(`c${taskId.slice("T-".length)}00000000`);

/** The ACK task that is a job of the second project. */
async function taskOf(jobId: string): Promise<string> {
  const { json } = await inOther({ path: `/api/v3/projects/${other.projectId}/jobs/${jobId}` });
  return taskIdIn(json ?? {});
}

/** The ACK task that a job says it is. */
const taskIdIn = (job: object): string =>
  (job as { spec: { extendParam: { taskID: string } } }).spec.extendParam.taskID;

describe("a cluster made through ACK", () => {
  test("is listed and shown through CCE, in CCE's words", async () => {
    const { items } = await cceClient.listClusters(new cce.ListClustersRequest());
    expect(items?.map(({ metadata }) => metadata)).toMatchObject([{ name: "from-ack", uid: fromAck.uid }]);
    const { version } = await installedDistribution();
    expect(await showCceCluster(cceClient, fromAck.uid)).toMatchObject({
      kind: "Cluster",
      apiVersion: "v3",
      metadata: { name: "from-ack", uid: fromAck.uid, labels: {} },
      spec: {
        type: "VirtualMachine",
        flavor: "cce.s1.xlarge",
        version: expect.stringMatching(new RegExp(`^v${version.replace(/\.\d+$/, "")}`)),
        hostNetwork: { vpc: fleetVpc, subnet: "vsw-test" },
        containerNetwork: { mode: "vpc-router", cidr: givenPodCidr },
        serviceNetwork: { IPv4CIDR: "172.21.0.0/20" },
        eniNetwork: {},
        authentication: { mode: "rbac", authenticatingProxy: {} },
      },
      status: { phase: "Available", endpoints: [{ type: "Internal" }, { type: "External" }] },
    });
  });

  test("has its node counted", async () => {
    const wish = Object.assign(new cce.ShowClusterRequest(fromAck.uid), { detail: "true" });
    await eventually(async () =>
      expect((await cceClient.showCluster(wish)).metadata?.annotations).toMatchObject({
        totalNodesNumber: "1",
        activeNodesNumber: "1",
      }),
    );
  });

  test("was made by a task that is a job, too", async () => {
    expect(await showCceJob(cceClient, jobOf(fromAck.taskId))).toMatchObject({
      spec: { type: "CreateCluster", clusterUID: fromAck.uid, extendParam: { taskID: fromAck.taskId } },
      status: { phase: "Success" },
    });
    expect(await task(ackClient, fromAck.taskId)).toMatchObject({ taskType: "cluster_create", state: "success" });
  });
});

describe("a cluster made through CCE", () => {
  const detail = async () => (await ackClient.describeClusterDetail(fromCce.clusterId)).body;

  test("is listed and described through ACK, in ACK's words", async () => {
    const listed = (await allClusters(ackClient)).map(({ clusterId }) => clusterId);
    expect(listed.toSorted()).toEqual([fromAck.clusterId, fromCce.clusterId].toSorted());
    expect(await detail()).toMatchObject({
      clusterId: fromCce.clusterId,
      name: "from-cce",
      clusterType: "ManagedKubernetes",
      state: "running",
      size: 0,
      regionId: "cn-north-4",
      vpcId: fleetVpc,
      vswitchIds: ["subnet-fleet"],
      serviceCidr: "10.247.0.0/16",
    });
  });

  test("is used with ACK's kubeconfig", async () => {
    const kubectl = await kubectlFor(ackClient, fromCce.clusterId, service.folder);
    expect(await kubectl.run(["get", "--raw", "/readyz"])).toBe("ok");
  });

  test("has another Pod range than it asked for, because ACK's cluster has that one, and its nodes have shares of it", async () => {
    const chosen = (await detail())?.subnetCidr ?? "";
    expect(chosen).toMatch(/^172\.(1[6-9]|2\d|3[01])\.0\.0\/16$/);
    expect(chosen).not.toBe(givenPodCidr);
    const { json } = await inOther({ path: `${clustersOf(other.projectId)}/${fromCce.uid}` });
    expect(json).toMatchObject({ spec: { containerNetwork: { cidr: chosen } } });
    const { body } = await ackClient.describeClusterLogs(fromCce.clusterId);
    expect(body?.map(({ clusterLog }) => clusterLog).join("\n")).toContain(`Pod range ${givenPodCidr} overlaps`);

    const kubectl = await kubectlFor(ackClient, fromCce.clusterId, service.folder);
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "joined" } };
    await kubectl.run(["create", "-f", "-"], JSON.stringify(node));
    await eventually(async () => {
      const podCidr = await kubectl.run(["get", "node", "joined", "-o", "jsonpath={.spec.podCIDR}"]);
      expect(podCidr).toMatch(/\/24$/);
      const range = parseIpv4Range(chosen);
      expect(range && rangeContains(range, podCidr.replace(/\/24$/, ""))).toBe(true);
    }, kubectlPause);
  });

  test("was made by a job that is a task, too", async () => {
    expect(await task(ackClient, await taskOf(fromCce.jobId))).toMatchObject({
      clusterId: fromCce.clusterId,
      taskType: "cluster_create",
      state: "success",
    });
  });
});

describe("projects", () => {
  test("have their own clusters in their lists", async () => {
    const namesIn = async (projectId: string, request: Partial<RawCceRequest>) => {
      const { json } = await sendCce(service, { path: clustersOf(projectId), ...request });
      return (json as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name);
    };
    const { projectId } = service.credentials;
    expect(await namesIn(other.projectId, { token: other.token })).toEqual(["from-cce"]);
    expect(await namesIn(projectId, { token: await newToken(service) })).toEqual(["from-ack"]);
    // An access key is good for all projects of its account, each by its own path.
    expect(await namesIn(projectId, {})).toEqual(["from-ack"]);
    expect(await namesIn(other.projectId, {})).toEqual(["from-cce"]);
  });

  test.each<[string, string, (id: string) => string, string?]>([
    ["ShowCluster", "GET", (id) => `/clusters/${id}`],
    ["UpdateCluster", "PUT", (id) => `/clusters/${id}`, "{}"],
    ["DeleteCluster", "DELETE", (id) => `/clusters/${id}`],
    ["CreateKubernetesClusterCert", "POST", (id) => `/clusters/${id}/clustercert`, "{}"],
    ["ShowClusterEndpoints", "GET", (id) => `/clusters/${id}/openapi`],
    ["UpdateClusterEip", "PUT", (id) => `/clusters/${id}/mastereip`, '{"spec":{"action":"unbind"}}'],
  ])("answer %s of another one's cluster as of one that does not exist", async (_operation, method, pathOf, body) => {
    await expectIndistinguishable(
      (id) => ({ method, path: `/api/v3/projects/${other.projectId}${pathOf(id)}`, ...(body && { body }) }),
      [fromAck.uid, unknown],
      404,
    );
  });

  test("answer ShowJob of another one's job as of one that does not exist", async () => {
    const job = jobOf(fromAck.taskId);
    await expectIndistinguishable(
      (id) => ({ path: `/api/v3/projects/${other.projectId}/jobs/${id}` }),
      [job, unknown],
      404,
    );
  });

  test("are closed to the token of another one, whether they exist or not", async () => {
    const projects = [service.credentials.projectId, "0".repeat(32)] as const;
    for (const path of ["", `/${fromAck.uid}`, `/${unknown}`])
      await expectIndistinguishable((id) => ({ path: `${clustersOf(id)}${path}` }), projects, 403);
    const body = JSON.stringify(smallCceBody("intruder"));
    await expectIndistinguishable((id) => ({ method: "POST", path: clustersOf(id), body }), projects, 403);
  });

  test("are not entered by a token of the account as a whole", async () => {
    const token = await newToken(service, { scope: { domain: { name: service.credentials.domainName } } });
    expect((await sendCce(service, { token, path: clustersOf(other.projectId) })).status).toBe(403);
  });

  /** The answers to two requests that differ in one id are the same but for that id and the request's own. */
  async function expectIndistinguishable(
    requestOf: (id: string) => RawCceRequest,
    ids: readonly [string, string],
    status: number,
  ): Promise<void> {
    const answers = await Promise.all(
      ids.map(async (id) => {
        const answer = await inOther(requestOf(id));
        return { status: answer.status, text: answer.text.replaceAll(id, "<id>") };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.status, answers[0]?.text).toBe(status);
  }
});

describe("the end", () => {
  test("of ACK's cluster is asked for through CCE, and seen through both", async () => {
    const { jobId } = acceptedOf(await deleteCceCluster(cceClient, fromAck.uid));
    const { spec } = await successOfJob(cceClient, jobId);
    expect(await task(ackClient, taskIdIn({ spec }))).toMatchObject({ taskType: "cluster_delete", state: "success" });
    await expect(ackClient.describeClusterDetail(fromAck.clusterId)).rejects.toMatchObject({
      code: "ErrorClusterNotFound",
    });
    await expect(showCceCluster(cceClient, fromAck.uid)).rejects.toEqual(sdkRefusal(404, "CCE_CM.0003"));
  });

  test("of CCE's cluster is asked for through ACK, and seen through both", async () => {
    const deletion = await deleteCluster(ackClient, fromCce.clusterId);
    await successOf(ackClient, deletion);
    const project = `/api/v3/projects/${other.projectId}`;
    expect(await inOther({ path: `${project}/clusters/${fromCce.uid}` })).toMatchObject({ status: 404 });
    expect((await inOther({ path: `${project}/jobs/${jobOf(deletion.taskId)}` })).json).toMatchObject({
      spec: { type: "DeleteCluster", clusterUID: fromCce.uid },
      status: { phase: "Success" },
    });
    expect((await ackClient.describeClusters(new sdk.DescribeClustersRequest({}))).body).toEqual([]);
  });
});
