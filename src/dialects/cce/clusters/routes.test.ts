import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../../test/support/core.ts";
import { newCluster } from "../../../../test/support/new-cluster.ts";
import type { ClusterState, WorkerKind } from "../../../core/clusters/cluster.ts";
import { setClusterState } from "../../../core/clusters/clusters.ts";
import { createCluster } from "../../../core/clusters/create.ts";
import type { ClusterObserver } from "../../../core/clusters/observer.ts";
import { border } from "../../common/border/border.ts";
import type { HuaweiCaller } from "../../huawei/caller.ts";
import { cceVocabulary } from "../vocabulary.ts";
import { clusterRoutes } from "./routes.ts";

const { projectId, accessKeyId } = testCredentials;

/** Names of the clusters that were asked whether they are ready. */
let asked: string[];
const observer = {
  describe: () => ({ endpoints: undefined, runningVersion: "1.20.2" }),
  readiness: async ({ name }: { name: string }) => {
    asked.push(name);
    return { isReady: name !== "silent" };
  },
} as unknown as ClusterObserver;

let test: TestCore;
let app: FastifyInstance;
beforeAll(async () => {
  test = await createTestCore();
  await add("running", "running", "virtual-machine", "v1.9.2-r1");
  await add("silent", "running", "bare-metal", "v1.9.7-r1");
  await add("any-version", "changing", "bare-metal", undefined);
  await add("creating", "creating", "virtual-machine", "v1.90.1-r1");
  await add("failed", "failed", "virtual-machine", "v1.11.3-r1");
  app = Fastify({ ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false } } });
  const caller: HuaweiCaller = {
    ...{ accountId: test.accountId, domainId: "", userId: undefined, accessKeyId },
    ...{ project: undefined, wishedProjectId: undefined },
  } as HuaweiCaller;
  await app.register(async (cce) => {
    await cce.register(border, { vocabulary: cceVocabulary, bodyLimit: 2 ** 20, authenticate: async () => caller });
    const settings = { validation: "lenient", inventory: "implicit" } as const;
    clusterRoutes(cce, { core: test.core, observer, settings, newestVersion: async () => undefined });
  });
});
beforeEach(() => {
  asked = [];
});
afterAll(async () => {
  await app.close();
  await test.close();
});

async function add(name: string, state: ClusterState, workerKind: WorkerKind, version: string | undefined) {
  const { spec } = newCluster();
  const kubernetesVersion = version?.replace(/^v([\d.]+).*/, "$1");
  const wanted = { ...spec, workerKind, requestedVersion: version, kubernetesVersion };
  const network = { ...spec.network, vpcId: `vpc-${name}`, vswitchIds: [`vsw-${name}`], plugin: "vpc-router" as const };
  const request = { spec: { version } };
  const cluster = newCluster({ dialect: "cce", name, nodePools: [], spec: { ...wanted, network }, request });
  const { clusterId } = await createCluster(test.core, cluster);
  await setClusterState(test.core, clusterId, state);
}

async function list(query: Record<string, string>): Promise<string[]> {
  const answer = await app.inject({ url: `/api/v3/projects/${projectId}/clusters`, query });
  const { items } = answer.json<{ items: { metadata: { name: string } }[] }>();
  return items.map(({ metadata }) => metadata.name).toSorted();
}

describe("ListClusters", () => {
  it.each<[query: Record<string, string>, found: string[], asked: string[]]>([
    [{}, ["any-version", "creating", "failed", "running", "silent"], ["any-version", "running", "silent"]],
    [{ type: "BareMetal" }, ["any-version", "silent"], ["any-version", "silent"]],
    [{ type: "BareMetal", version: "v1.9" }, ["silent"], ["silent"]],
    [{ version: "v1.20" }, ["any-version"], ["any-version"]],
    [{ status: "Available" }, ["any-version", "running"], ["any-version", "running", "silent"]],
    [{ status: "Unavailable" }, ["silent"], ["any-version", "running", "silent"]],
    [{ status: "Creating" }, ["creating"], []],
    [{ status: "Deleting" }, ["failed"], []],
    [{ status: "Error" }, [], []],
    [{ status: "Error", errorStatus: "1" }, ["failed"], []],
    [{ status: "NoPhase" }, [], []],
    [{ type: "NoType" }, [], []],
    [{ status: "", type: "", version: "v1.9.2" }, ["running"], ["running"]],
  ])("with %j finds %j, and asks no other cluster whether it is ready", async (query, found, wanted) => {
    expect(await list(query)).toEqual(found);
    expect(asked.toSorted()).toEqual(wanted);
  });
});
