import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { createCluster } from "../core/clusters/create-cluster.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import { tokenIssuers } from "./token-issuers.ts";

const key = { kty: "EC", crv: "P-256", x: "x", y: "y", kid: "1", use: "sig", alg: "ES256" };

let test: TestCore;
let app: FastifyInstance;
beforeAll(async () => {
  test = await createTestCore();
  app = Fastify();
  const observer = { serviceAccountKeys: async () => ({ keys: [key] }) } as unknown as ClusterObserver;
  tokenIssuers(app, { core: test.core, observer });
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
});
