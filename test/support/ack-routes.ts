import Fastify, { type FastifyInstance } from "fastify";
import type { Cluster, NodePoolSpec } from "../../src/core/clusters/cluster.ts";
import { insertCluster } from "../../src/core/clusters/clusters.ts";
import type { Core } from "../../src/core/core.ts";
import { newClusterId } from "../../src/core/ids.ts";
import { type ClusterNode, insertNodePool, insertNodes } from "../../src/core/nodes/nodes.ts";
import type { AckContext, AckRoutes } from "../../src/dialects/ack/context.ts";
import { authenticate } from "../../src/dialects/ack/signature/authentication.ts";
import { sampleRequest, signAcs3 } from "../../src/dialects/ack/signature/testing/client-signer.ts";
import { ackVocabulary } from "../../src/dialects/ack/vocabulary.ts";
import { border } from "../../src/dialects/common/border/border.ts";
import { keptCluster, newNodePool } from "./new-cluster.ts";

/** Part of the dialect behind its border, for one signed request after the other. */
export interface RoutesUnderTest {
  get(path: string, query?: Record<string, string>): Promise<{ status: number; body: unknown; text: string }>;
  post(path: string, body: unknown): Promise<{ status: number; body: unknown; text: string }>;
  put(path: string, body: unknown): Promise<{ status: number; body: unknown; text: string }>;
  close(): Promise<void>;
}

/** Serves some of the dialect's routes for the account `default`, as the server does. */
export async function serveRoutes(
  routes: AckRoutes,
  { core, ...context }: { core: Core } & Partial<AckContext>,
): Promise<RoutesUnderTest> {
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false, useDefaults: false } },
  }) as unknown as FastifyInstance;
  const { accessKeyId, secret, date } = sampleRequest;
  await app.register(async (ack) => {
    await ack.register(border, {
      bodyLimit: 1024 * 1024,
      vocabulary: ackVocabulary,
      authenticate: (signed) =>
        authenticate(signed, {
          findAccessKey: async (id) =>
            id === accessKeyId ? { accountId: "default", secret, active: true } : undefined,
          rememberNonce: async () => true,
          now: () => date,
        }),
    });
    routes(ack, {
      core,
      settings: { validation: "lenient", inventory: "implicit", disableRollbackMeaning: "text" },
      observer: {
        describe: () => ({ endpoints: undefined, runningVersion: undefined }),
        nodeReadiness: async () => new Map(),
        kubeconfig: () => Promise.reject(new Error("There is no kubeconfig here.")),
        serviceAccountKeys: () => Promise.reject(new Error("There are no keys here.")),
        adminAccess: () => Promise.reject(new Error("There is no certificate here.")),
        certificateAuthority: async () => undefined,
        readiness: async () => ({ isReady: true }),
      },
      ...context,
    });
  });
  const send = async (request: {
    method: "GET" | "POST" | "PUT";
    path: string;
    query: Record<string, string>;
    body: string;
  }) => {
    const signed = signAcs3({ ...sampleRequest, ...request, headers: { "content-type": "application/json" } });
    const names = signed.rawHeaders.filter((_, index) => index % 2 === 0);
    const headers = Object.fromEntries(names.map((name, index) => [name, signed.rawHeaders[2 * index + 1] ?? ""]));
    const { method, body } = request;
    const answer = await app.inject({ method, url: signed.rawTarget, headers, ...(body && { payload: body }) });
    return { status: answer.statusCode, body: answer.json(), text: answer.body };
  };
  return {
    get: (path, query = {}) => send({ method: "GET", path, query, body: "" }),
    post: (path, body) => send({ method: "POST", path, query: {}, body: JSON.stringify(body) }),
    put: (path, body) => send({ method: "PUT", path, query: {}, body: JSON.stringify(body) }),
    close: () => app.close(),
  };
}

/** A cluster with pools and nodes, written as its creation does; `newCluster` says what a test leaves open. */
export async function writeCluster(
  core: Core,
  {
    pools = [],
    spec: changes,
    ...cluster
  }: Partial<Omit<Cluster, "spec">> & { spec?: Partial<Cluster["spec"]>; pools?: Partial<NodePoolSpec>[] } = {},
) {
  const id = newClusterId();
  const { projectId, dialect, name, region, request, spec: usual } = keptCluster();
  const spec = { ...usual, vendorId: `c${id}`, ...changes };
  const row = {
    projectId,
    dialect,
    name,
    region,
    request,
    spec,
    accountId: "default",
    state: "running",
    placement: "here",
  } as const;
  await insertCluster(core, { ...row, ...cluster, id });
  const written = pools.map((pool, n) => ({ id: `np${n}-${id}`, clusterId: id, spec: newNodePool(pool) }));
  const named = written.map((pool) => ({ ...pool, name: pool.spec.name }));
  for (const pool of named) await insertNodePool(core, pool);
  const nodes = named.flatMap((pool) => nodesOf(pool)).map((node, ordinal) => ({ ...node, ordinal }));
  await insertNodes(core, nodes);
  return { id, spec, dialect: row.dialect, pools: named, nodes };
}

function nodesOf(pool: {
  id: string;
  clusterId: string;
  spec: NodePoolSpec;
}): Omit<ClusterNode, "createdAt" | "ordinal">[] {
  return Array.from({ length: pool.spec.size }, (_, n) => ({
    clusterId: pool.clusterId,
    nodePoolId: pool.id,
    instanceId: pool.spec.instances[n] ?? `i-${pool.spec.name}-${n}`,
    name: `${pool.spec.name}-${n}`,
    address: `192.168.0.${55 + n}`,
    vswitchId: pool.spec.vswitchIds[0] ?? "",
    instanceType: pool.spec.instanceTypes[0] ?? "",
    existing: n < pool.spec.instances.length,
  }));
}
