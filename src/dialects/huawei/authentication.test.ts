import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenOwner } from "../../core/accounts/tokens.ts";
import type { SignedRequest } from "../common/signature/signed-request.ts";
import { type AuthenticationDeps, authenticateByTokenOrKey } from "./authentication.ts";
import { sampleRequest, signSdk } from "./testing/client-signer.ts";

const now = sampleRequest.date;
const owner: TokenOwner = {
  user: { id: "u1", accountId: "default", name: "alice" },
  domain: { id: "d1", name: "acme" },
  project: { id: "p1", name: "cn-north-4" },
  issuedAt: now,
  expiresAt: new Date(now.getTime() + 1000),
};

/** A store with one key and one token, its clock at the sample request's date. */
function store(changes: { active?: boolean; now?: Date } = {}): AuthenticationDeps {
  const key = { accountId: "default", domainId: "d1", secret: sampleRequest.secret, active: changes.active ?? true };
  return {
    findAccessKey: async (id) => (id === sampleRequest.accessKeyId ? key : undefined),
    verifyToken: async (token, at) => (token === "good-token" && at < owner.expiresAt ? owner : undefined),
    now: () => changes.now ?? now,
  };
}

const get = (...rawHeaders: string[]): SignedRequest => ({
  method: "GET",
  rawTarget: "/api/v3/projects/p1/clusters",
  rawHeaders,
  body: Buffer.alloc(0),
});
const signed = signSdk(sampleRequest);
const withHeaders = (...rawHeaders: string[]) => ({ ...signed, rawHeaders: [...signed.rawHeaders, ...rawHeaders] });
const refused = (message: string | RegExp, code = "APIGW.0301") =>
  expect.objectContaining({
    code,
    status: 401,
    message: expect.stringMatching(message),
  });

describe("a token", () => {
  const identity = {
    accountId: "default",
    domainId: "d1",
    userId: "u1",
    accessKeyId: undefined,
    project: owner.project,
  };

  it.each([
    ["X-Auth-Token", ["X-Auth-Token", "good-token"]],
    ["Authorization: Bearer", ["Authorization", "Bearer good-token"]],
    ["both, with the same token", ["X-Auth-Token", "good-token", "Authorization", "bearer good-token"]],
    ["X-Auth-Token beside an empty Authorization", ["X-Auth-Token", " good-token ", "Authorization", ""]],
  ])("is taken from %s", async (_name, rawHeaders) => {
    expect(await authenticateByTokenOrKey(get(...rawHeaders), store())).toEqual({
      ...identity,
      wishedProjectId: undefined,
    });
  });

  it("comes with the project that the client wishes for", async () => {
    const request = get("X-Auth-Token", "good-token", "X-Project-Id", "p2");
    expect(await authenticateByTokenOrKey(request, store())).toEqual({ ...identity, wishedProjectId: "p2" });
  });

  it.each([
    ["unknown", "bad-token"],
    ["huge", "A".repeat(1_000_000)],
    ["with odd characters", "\u0000'; drop table tokens; --\u00ff"],
  ])("that is %s is refused, and not repeated", async (_name, token) => {
    const error = await authenticateByTokenOrKey(get("X-Auth-Token", token), store()).catch((reason) => reason);
    expect(error).toEqual(refused(/decrypt token fail.*POST \/v3\/auth\/tokens/));
    expect(error.message).not.toContain(token);
  });

  it("is refused from the moment it expires", async () => {
    const request = get("X-Auth-Token", "good-token");
    const last = new Date(owner.expiresAt.getTime() - 1);
    await expect(authenticateByTokenOrKey(request, store({ now: last }))).resolves.toBeDefined();
    await expect(authenticateByTokenOrKey(request, store({ now: owner.expiresAt }))).rejects.toThrow(
      refused("has expired"),
    );
  });
});

describe("a signature", () => {
  it("gives the account and the key, and no project", async () => {
    expect(await authenticateByTokenOrKey(signed, store())).toEqual({
      accountId: "default",
      domainId: "d1",
      userId: undefined,
      accessKeyId: "AKEXAMPLE",
      project: undefined,
      wishedProjectId: undefined,
    });
  });

  it("of the older form is taken, for as long as any other", async () => {
    const older = signSdk({ ...sampleRequest, scope: { region: "eu-de", service: "cce" } });
    expect(await authenticateByTokenOrKey(older, store())).toMatchObject({ accessKeyId: "AKEXAMPLE", domainId: "d1" });
    const late = new Date(now.getTime() + 15 * 60_000 + 1000);
    await expect(authenticateByTokenOrKey(older, store({ now: late }))).rejects.toThrow(
      refused("differ by", "APIGW.0303"),
    );
    const wrong = signSdk({ ...sampleRequest, scope: { region: "eu-de", service: "cce" }, secret: "wrongSecret" });
    await expect(authenticateByTokenOrKey(wrong, store())).rejects.toThrow(refused("verify aksk signature fail"));
  });

  it.each([
    ["exactly 15 minutes old", 15 * 60_000, true],
    ["15 minutes and a second old", 15 * 60_000 + 1000, false],
    ["15 minutes ahead", -15 * 60_000, true],
    ["15 minutes and a second ahead", -15 * 60_000 - 1000, false],
  ])("%s: fresh enough?", async (_age, age, fresh) => {
    const server = new Date(now.getTime() + age);
    const answer = authenticateByTokenOrKey(signed, store({ now: server }));
    if (fresh) await expect(answer).resolves.toBeDefined();
    else await expect(answer).rejects.toThrow(refused(server.toISOString(), "APIGW.0303"));
  });

  it("of an unknown key is refused", async () => {
    const request = signSdk({ ...sampleRequest, accessKeyId: "AKOTHER" });
    await expect(authenticateByTokenOrKey(request, store())).rejects.toThrow(refused("Get secretKey failed"));
  });

  it("of a disabled key is refused, which only its owner learns", async () => {
    await expect(authenticateByTokenOrKey(signed, store({ active: false }))).rejects.toThrow(refused("is disabled"));
    const request = signSdk({ ...sampleRequest, secret: "wrongSecret" });
    await expect(authenticateByTokenOrKey(request, store({ active: false }))).rejects.toThrow(
      refused("verify aksk signature fail"),
    );
  });

  it("by a wrong secret is refused with the server's string to sign, which holds neither secret nor body", async () => {
    const request = signSdk({ ...sampleRequest, secret: "wrongSecret", body: '{"password":"Hunter2!"}' });
    const error = await authenticateByTokenOrKey(request, store()).catch((reason) => reason);
    expect(error).toEqual(refused(/string to sign is:SDK-HMAC-SHA256\n20240102T030405Z\n[0-9a-f]{64}$/));
    expect(error.message).not.toMatch(/Hunter2|exampleSecret|wrongSecret/);
  });

  it.each([
    ["body", { ...signed, body: Buffer.from('{"kind":"Another"}') }],
    ["path", { ...signed, rawTarget: signed.rawTarget.replace("clusters", "clusterz") }],
    ["query", { ...signed, rawTarget: `${signed.rawTarget}?a=1` }],
    ["method", { ...signed, method: "DELETE" }],
  ])("over another %s is refused", async (_part, request) => {
    await expect(authenticateByTokenOrKey(request, store())).rejects.toThrow(refused("verify aksk signature fail"));
  });

  it("is accepted with a header that was added after signing", async () => {
    const request = withHeaders("X-Project-Id", "p1", "X-Domain-Id", "d1");
    expect(await authenticateByTokenOrKey(request, store())).toMatchObject({ wishedProjectId: "p1" });
  });
});

describe("a request that can't be verified", () => {
  const bodyHash = createHash("sha256").update(sampleRequest.body).digest("hex");

  it.each<[string, SignedRequest, string | RegExp]>([
    ["without anything", get(), /x-auth-token not found.*sign the request by SDK-HMAC-SHA256/],
    ["with an empty token", get("X-Auth-Token", " "), "x-auth-token not found"],
    ["with an empty Authorization", get("Authorization", ""), "x-auth-token not found"],
    ["with basic authentication", get("Authorization", "Basic dTpw"), "algorithm of the Authorization header"],
    ["with a bare token", get("Authorization", "s3cr3t"), /^(?!.*s3cr3t).*algorithm/],
    ["with an empty bearer token", get("Authorization", "Bearer "), "algorithm of the Authorization header"],
    ["with __proto__", get("Authorization", "__proto__ a"), "algorithm"],
    ["with SM3", get("Authorization", "SDK-HMAC-SM3 a"), "SDK-HMAC-SM3 is not supported; sign by SDK-HMAC-SHA256"],
    ["with a derived key", get("Authorization", "V11-HMAC-SHA256 a"), "V11-HMAC-SHA256 is not supported"],
    ["with a broken signature", get("Authorization", "SDK-HMAC-SHA256 a"), "is not of the form"],
    ["with a security token", withHeaders("X-Security-Token", "temporary"), "issues no temporary access keys"],
    ["with two tokens", get("X-Auth-Token", "good-token", "x-auth-token", "good-token"), "more than one header x-auth"],
    ["with two Authorizations", withHeaders(...signed.rawHeaders.slice(-2)), "more than one header authorization"],
    ["with two dates", withHeaders("X-Sdk-Date", "20240102T030405Z"), "more than one header x-sdk-date"],
    [
      "with two hashes of the body",
      withHeaders("X-Sdk-Content-Sha256", bodyHash, "X-Sdk-Content-Sha256", bodyHash),
      "more than one header x-sdk-content-sha256",
    ],
    ["with a token and a signature", withHeaders("X-Auth-Token", "good-token"), "send one of them"],
    [
      "with two different tokens",
      get("X-Auth-Token", "good-token", "Authorization", "Bearer another"),
      "send one of them",
    ],
  ])("%s is refused with a sentence", async (_name, request, message) => {
    await expect(authenticateByTokenOrKey(request, store())).rejects.toThrow(refused(message));
  });

  it("is never anything but refused, whatever its headers are", async () => {
    const name = fc.constantFrom(
      "Authorization",
      "X-Auth-Token",
      "X-Sdk-Date",
      "X-Sdk-Content-Sha256",
      "X-Security-Token",
    );
    const piece = fc.constantFrom(
      "SDK-HMAC-SHA256",
      " ",
      ",",
      "=",
      ";",
      "Access",
      "SignedHeaders",
      "Signature",
      "x-sdk-date",
      "\u0000",
      "AKEXAMPLE",
      "20240102T030405Z",
      "a".repeat(64),
      "Bearer",
    );
    const value = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 4 }), async (headers) => {
        const error = await authenticateByTokenOrKey(get(...headers.flat()), store()).catch((reason) => reason);
        expect(error).toMatchObject({ name: "ApiError", status: 401 });
      }),
    );
  });
});
