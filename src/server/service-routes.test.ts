import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { createCluster } from "../core/clusters/create.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import { createMetrics } from "./metrics.ts";
import { serviceRoutes } from "./service-routes.ts";

const key = { kty: "EC", crv: "P-256", x: "x", y: "y", kid: "1", use: "sig", alg: "ES256" };

const made: ClusterObserver["serviceAccountKeys"] = async () => ({ keys: [key] });

let checked: () => Promise<void>;
let published: () => ReturnType<typeof made>;
let test: TestCore;
let app: FastifyInstance;
beforeAll(async () => {
  test = await createTestCore();
  app = Fastify();
  const observer = { serviceAccountKeys: () => published() } as unknown as ClusterObserver;
  serviceRoutes(app, { core: test.core, observer, metrics: createMetrics(), checkReady: () => checked() });
});
beforeEach(() => {
  published = made as typeof published;
  checked = () => Promise.reject(new Error("Failed query: select 1"));
});
afterAll(async () => {
  await app.close();
  await test.close();
});

/** Id of a new cluster, with RAM roles or without. */
async function create(rrsa: { audience: string } | undefined): Promise<string> {
  const { spec } = newCluster();
  const { clusterId } = await createCluster(
    test.core,
    newCluster({ spec: { ...spec, apiServer: { ...spec.apiServer, rrsa } } }),
  );
  return clusterId;
}

const get = async (url: string) => {
  const answer = await app.inject({ url });
  return { status: answer.statusCode, json: answer.json() };
};

describe("the token issuer of a cluster", () => {
  it("is described as OpenID Connect Discovery says, without any authentication", async () => {
    const id = await create({ audience: "sts" });
    const issuer = `http://127.0.0.1:7080/oidc/${id}`;
    expect(await get(`/oidc/${id}/.well-known/openid-configuration`)).toEqual({
      status: 200,
      json: {
        issuer,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["ES256"],
      },
    });
    expect(await get(`/oidc/${id}/keys`)).toEqual({ status: 200, json: { keys: [key] } });
  });

  it("is not there for a cluster that did not ask for it, or that does not exist", async () => {
    for (const id of [await create(undefined), "0".repeat(32)])
      for (const path of [".well-known/openid-configuration", "keys"])
        expect((await get(`/oidc/${id}/${path}`)).status).toBe(404);
  });

  it.each(["%00", "x", "0".repeat(31), "0".repeat(33), "A".repeat(32), `${"0".repeat(31)}%0a`, "%f0%9f%92%a9"])(
    "is not there for what can be no id, which no database is asked for: %s",
    async (id) => {
      for (const path of [".well-known/openid-configuration", "keys"])
        expect(await get(`/oidc/${id}/${path}`)).toEqual({
          status: 404,
          json: expect.objectContaining({ error: "not_found" }),
        });
    },
  );

  it("is to be asked again while its cluster is being made", async () => {
    published = async () => undefined;
    const id = await create({ audience: "sts" });
    for (const path of [".well-known/openid-configuration", "keys"]) {
      const answer = await app.inject({ url: `/oidc/${id}/${path}` });
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("5");
      expect(answer.json()).toMatchObject({ error: "temporarily_unavailable" });
    }
  });
});

describe("a fault of the service", () => {
  it("is told without what is wrong inside", async () => {
    published = () => Promise.reject(new Error('Failed query: select "id" from "clusters"'));
    const { status, json } = await get(`/oidc/${await create({ audience: "sts" })}/keys`);
    expect(status).toBe(500);
    expect(json).toEqual({ message: expect.stringContaining("log tells more under the id") });
    expect(JSON.stringify(json)).not.toContain("select");
  });

  it("is told likewise by the question whether it is ready", async () => {
    const { status, json } = await get("/readyz");
    expect(status).toBe(503);
    expect(json).toEqual({ status: "not ready", reason: "The database does not answer; the log tells more." });
  });

  it("is told likewise where the database does not answer at all", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    checked = () => {
      queueMicrotask(() => vi.advanceTimersByTime(5_000));
      return new Promise(() => undefined);
    };
    expect((await get("/readyz")).status).toBe(503);
  });
});
