import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../../../test/support/core.ts";
import { newCluster } from "../../../../../test/support/new-cluster.ts";
import type { ClusterState } from "../../../../core/clusters/cluster.ts";
import { getCluster, setClusterState } from "../../../../core/clusters/clusters.ts";
import { createCluster } from "../../../../core/clusters/create.ts";
import type { ClusterObserver } from "../../../../core/clusters/observer.ts";
import { border } from "../../../common/border/border.ts";
import type { HuaweiCaller } from "../../../huawei/caller.ts";
import { toUuid } from "../../ids.ts";
import { cceVocabulary } from "../../vocabulary.ts";
import { certificateRoutes } from "../certificate-routes.ts";
import { updateClusterRoutes } from "./routes.ts";

const { projectId, accessKeyId } = testCredentials;
const endpoints = { intranet: "https://192.168.0.10:6443", public: undefined };
const observer = {
  describe: () => ({ endpoints, runningVersion: undefined }),
  readiness: async () => ({ isReady: true }),
  adminAccess: async (_cluster: unknown, { lifetimeMinutes }: { lifetimeMinutes: number }) => {
    lifetimes.push(lifetimeMinutes);
    return { endpoints, ca: "ca", cert: "cert", key: "key" };
  },
} as unknown as ClusterObserver;

/** Of the certificates that were issued, in minutes. */
const lifetimes: number[] = [];

let test: TestCore;
let app: FastifyInstance;
let clusterId: string;
beforeAll(async () => {
  test = await createTestCore();
  const { spec } = newCluster();
  const wanted = newCluster({ dialect: "cce", nodePools: [], spec: { ...spec, deletionProtection: true } });
  clusterId = (await createCluster(test.core, wanted)).clusterId;
  app = Fastify({ ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false } } });
  const caller: HuaweiCaller = {
    ...{ accountId: test.accountId, domainId: "", userId: undefined, accessKeyId },
    ...{ project: undefined, wishedProjectId: undefined },
  } as HuaweiCaller;
  await app.register(async (cce) => {
    await cce.register(border, { vocabulary: cceVocabulary, bodyLimit: 2 ** 20, authenticate: async () => caller });
    const settings = { validation: "lenient", inventory: "implicit" } as const;
    const context = { core: test.core, observer, settings, newestVersion: async () => undefined };
    for (const register of [updateClusterRoutes, certificateRoutes]) register(cce, context);
  });
});
afterAll(async () => {
  await app.close();
  await test.close();
});

/** Sends a body to a path below that of the cluster, which is in that state. */
async function send(state: ClusterState, method: "GET" | "PUT" | "POST", below: string, body?: unknown) {
  await setClusterState(test.core, clusterId, state);
  const url = `/api/v3/projects/${projectId}/clusters/${toUuid(clusterId)}${below}`;
  const answer = await app.inject({ method, url, ...(body !== undefined && { body: body as object }) });
  return { status: answer.statusCode, text: answer.body };
}
const update = (state: ClusterState, body: unknown) => send(state, "PUT", "", body);

describe("UpdateCluster", () => {
  it.each<[ClusterState, number]>([
    ["creating", 200],
    ["running", 200],
    ["changing", 200],
    ["failed", 200],
    ["remove-failed", 200],
    ["removing", 400],
  ])("of the protection alone, while the cluster is %s, is answered with %i", async (state, status) => {
    await update("running", { spec: { deletionProtection: true } });
    expect(await update(state, { spec: { deletionProtection: false } })).toMatchObject({ status });
    const cluster = await getCluster(test.core, clusterId);
    expect(cluster?.spec.deletionProtection).toBe(status !== 200);
  });

  it.each<ClusterState>(["creating", "failed", "remove-failed", "removing"])(
    "of anything else is refused while the cluster is %s",
    async (state) => {
      for (const body of [
        { spec: { description: "x" } },
        { spec: { deletionProtection: false, description: "x" } },
        {},
      ])
        expect(await update(state, body)).toMatchObject({
          status: 400,
          text: expect.stringContaining("UpdateCluster"),
        });
    },
  );

  it("refuses what cannot be changed in every state", async () => {
    const body = { spec: { deletionProtection: false, flavor: "cce.s2.small" } };
    expect(await update("failed", body)).toMatchObject({ status: 400, text: expect.stringContaining("spec.flavor") });
  });

  it("refuses very many entries in a short message", async () => {
    const subnets = Array.from({ length: 69_000 }, () => ({}));
    const { status, text } = await update("running", { spec: { eniNetwork: { subnets } } });
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(1000);
  });
});

describe("the certificate of a cluster", () => {
  it("is answered to a GET as to a POST that names no duration", async () => {
    lifetimes.length = 0;
    const [posted, got] = [
      await send("running", "POST", "/clustercert", {}),
      await send("running", "GET", "/clustercert"),
    ];
    expect(got).toEqual(posted);
    expect(got).toMatchObject({ status: 200, text: expect.stringContaining('"kind":"Config"') });
    expect(lifetimes).toEqual([1827 * 24 * 60, 1827 * 24 * 60]);
    expect(await send("creating", "GET", "/clustercert")).toMatchObject({
      status: 400,
      text: expect.stringContaining("GetKubernetesClusterCert"),
    });
  });
});

describe("null means that a member is not there", () => {
  it.each<[string, "PUT" | "POST", string, unknown, number, string]>([
    ["the certificate's duration", "POST", "/clustercert", { duration: null }, 200, "Config"],
    ["its end", "POST", "/clustercert", { duration: 1, expire_at: null }, 200, "Config"],
    ["the address to bind", "PUT", "/mastereip", { spec: { action: "bind", spec: null } }, 400, "spec.spec.id"],
    ["what is done with the address", "PUT", "/mastereip", { spec: null }, 400, "spec is mandatory"],
  ])("as %s", async (_what, method, below, body, status, said) => {
    const answer = await send("running", method, below, body);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(said);
  });
});
