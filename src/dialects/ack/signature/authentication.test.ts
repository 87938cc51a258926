import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccessKey } from "../../../core/accounts/accounts.ts";
import type { SignedRequest } from "../../common/signature/signed-request.ts";
import { type AuthenticationDeps, authenticate } from "./authentication.ts";
import { type ClientRequest, type RoaStyle, sampleRequest, signAcs3, signRoa } from "./testing/client-signer.ts";

/** A store of access keys and nonces in memory, its clock at the sample request's date. */
function memoryStore(changes: { key?: Partial<AccessKey>; keyId?: string; now?: Date } = {}) {
  const key = { accountId: "1234567890123456", secret: sampleRequest.secret, active: true, ...changes.key };
  const keyId = changes.keyId ?? sampleRequest.accessKeyId;
  const nonces = new Map<string, Date>();
  const deps: AuthenticationDeps = {
    findAccessKey: async (id) => (id === keyId ? key : undefined),
    rememberNonce: async (id, nonce, expiresAt) => {
      const name = JSON.stringify([id, nonce]);
      if (nonces.has(name)) return false;
      nonces.set(name, expiresAt);
      return true;
    },
    now: () => changes.now ?? sampleRequest.date,
  };
  return { deps, nonces };
}

const signers: [string, (client: ClientRequest) => SignedRequest][] = [
  ["ACS3-HMAC-SHA256", signAcs3],
  ["the older signature, resource as received", (client) => signRoa(client, "as received")],
  ["the older signature, resource decoded", (client) => signRoa(client, "decoded")],
  ["the older signature, bare names", (client) => signRoa(client, "decoded, bare names")],
];

describe.each(signers)("a request signed with %s", (_name, sign) => {
  const refusal = (code: string, message: string | RegExp = /./) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) });

  it("gives its account and key", async () => {
    expect(await authenticate(sign(sampleRequest), memoryStore().deps)).toEqual({
      accountId: "1234567890123456",
      accessKeyId: "LTAIexampleid",
    });
  });

  it("of an unknown key is refused", async () => {
    const request = sign({ ...sampleRequest, accessKeyId: "LTAIother" });
    await expect(authenticate(request, memoryStore().deps)).rejects.toThrow(refusal("InvalidAccessKeyId.NotFound"));
  });

  it("of a disabled key is refused", async () => {
    const { deps, nonces } = memoryStore({ key: { active: false } });
    await expect(authenticate(sign(sampleRequest), deps)).rejects.toThrow(refusal("InvalidAccessKeyId.Inactive"));
    expect(nonces.size).toBe(0);
  });

  it("with a wrong secret is refused with the server's string to sign, whether the key is active or not", async () => {
    for (const active of [true, false]) {
      const { deps, nonces } = memoryStore({ key: { active } });
      const request = sign({ ...sampleRequest, secret: "wrongSecret", body: '{"login_password":"Hunter2!"}' });
      const error = await authenticate(request, deps).catch((reason) => reason);
      expect(error).toMatchObject({ code: "SignatureDoesNotMatch", status: 400 });
      expect(error.message).toMatch(
        /^Specified signature is not matched with our calculation\. server string to sign is:(ACS3-HMAC-SHA256\n[0-9a-f]{64}$|POST\napplication\/json\n)/,
      );
      expect(error.message).not.toMatch(/Hunter2|exampleSecret|wrongSecret/);
      expect(nonces.size).toBe(0);
    }
  });

  it.each([
    ["exactly 15 minutes old", 15 * 60_000, true],
    ["15 minutes and a second old", 15 * 60_000 + 1000, false],
    ["15 minutes ahead", -15 * 60_000, true],
    ["15 minutes and a second ahead", -15 * 60_000 - 1000, false],
  ])("%s: fresh enough?", async (_age, age, fresh) => {
    const now = new Date(sampleRequest.date.getTime() + age);
    const answer = authenticate(sign(sampleRequest), memoryStore({ now }).deps);
    if (fresh) await expect(answer).resolves.toBeDefined();
    else await expect(answer).rejects.toThrow(refusal("InvalidTimeStamp.Expired", now.toISOString()));
  });

  it("is accepted once, also of two at the same moment", async () => {
    const { deps } = memoryStore();
    const answers = await Promise.allSettled([1, 2, 3].map(() => authenticate(sign(sampleRequest), deps)));
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "rejected")).toMatchObject([
      { reason: { code: "SignatureNonceUsed" } },
      { reason: { code: "SignatureNonceUsed" } },
    ]);
  });

  it("may have a nonce of 128 characters, and none longer", async () => {
    const { deps } = memoryStore();
    await expect(authenticate(signAcs3({ ...sampleRequest, nonce: "n".repeat(128) }), deps)).resolves.toBeDefined();
    await expect(authenticate(signAcs3({ ...sampleRequest, nonce: "n".repeat(129) }), deps)).rejects.toMatchObject({
      code: "IncompleteSignature",
      message: expect.stringContaining("129 characters"),
    });
  });

  it("has its nonce remembered for minutes longer than the request is fresh, also by the clocks of others", async () => {
    const { deps, nonces } = memoryStore();
    await authenticate(sign(sampleRequest), deps);
    const lastFresh = sampleRequest.date.getTime() + 15 * 60_000;
    expect([...nonces.values()].map((date) => date.getTime() > lastFresh + 5 * 60_000)).toEqual([true]);
  });
});

describe("a request of the first SDKs, which sign without a nonce", () => {
  const request = (change: Partial<ClientRequest> = {}) =>
    signRoa({ ...sampleRequest, nonce: undefined, ...change }, "as received");
  const accept = expect.objectContaining({ accessKeyId: sampleRequest.accessKeyId });

  it.each(["GET", "POST"])("is accepted, also when it is sent again: %s", async (method) => {
    const { deps, nonces } = memoryStore();
    const retried = request({ method });
    for (const sent of [retried, retried]) expect(await authenticate(sent, deps)).toEqual(accept);
    expect(nonces.size).toBe(0);
  });

  it("is accepted for 15 minutes, and then no longer", async () => {
    const at = (minutes: number) =>
      memoryStore({ now: new Date(sampleRequest.date.getTime() + minutes * 60_000) }).deps;
    expect(await authenticate(request(), at(15))).toEqual(accept);
    await expect(authenticate(request(), at(15.1))).rejects.toMatchObject({ code: "InvalidTimeStamp.Expired" });
  });

  it("has a nonce that is taken out or put in found by its signature", async () => {
    const { deps } = memoryStore();
    const added = request();
    const withNonce = { ...added, rawHeaders: [...added.rawHeaders, "x-acs-signature-nonce", "n"] };
    await expect(authenticate(withNonce, deps)).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
    const signed = request({ nonce: "n" });
    const place = signed.rawHeaders.indexOf("x-acs-signature-nonce");
    const without = { ...signed, rawHeaders: signed.rawHeaders.toSpliced(place, 2) };
    await expect(authenticate(without, deps)).rejects.toMatchObject({ code: "SignatureDoesNotMatch" });
  });

  it("is refused under ACS3, whose SDKs all send one", async () => {
    const unsigned = signAcs3({ ...sampleRequest, nonce: undefined });
    await expect(authenticate(unsigned, memoryStore().deps)).rejects.toMatchObject({ code: "IncompleteSignature" });
  });
});

describe("a request that can't be verified", () => {
  const withHeaders = (...rawHeaders: string[]): SignedRequest => ({
    method: "GET",
    rawTarget: "/clusters",
    rawHeaders,
    body: Buffer.alloc(0),
  });
  const acs3 = signAcs3(sampleRequest);

  it.each<[string, SignedRequest, string, RegExp]>([
    ["without Authorization", withHeaders(), "MissingAuthorization", /Sign the request/],
    ["with an empty Authorization", withHeaders("Authorization", " "), "MissingAuthorization", /Sign the request/],
    ["with basic authentication", withHeaders("Authorization", "Basic dTpw"), "IncompleteSignature", /of the Auth/],
    ["with a bare token", withHeaders("Authorization", "s3cr3t"), "IncompleteSignature", /^(?!.*s3cr3t).*algorithm/],
    ["with __proto__", withHeaders("Authorization", "__proto__ a"), "IncompleteSignature", /algorithm/],
    ["with SM3", withHeaders("Authorization", "ACS3-HMAC-SM3 a"), "IncompleteSignature", /ACS3-HMAC-SM3 is not supp/],
    ["with RSA", withHeaders("Authorization", "ACS3-RSA-SHA256 a"), "IncompleteSignature", /ACS3-RSA-SHA256 is not/],
    ["with ACS4", withHeaders("Authorization", "ACS4-HMAC-SHA256 a"), "IncompleteSignature", /ACS4-HMAC-SHA256 is/],
    ["with a broken ACS3", withHeaders("Authorization", "ACS3-HMAC-SHA256 a"), "IncompleteSignature", /of the form/],
    ["with a broken ROA", withHeaders("Authorization", "acs a"), "IncompleteSignature", /of the form/],
    ["with a bearer token", withHeaders("x-acs-bearer-token", "t"), "IncompleteSignature", /bearer tokens are not/],
    ["with a bearer type", withHeaders("x-acs-signature-type", "BEARERTOKEN"), "IncompleteSignature", /bearer tokens/],
    [
      "with a security token",
      { ...acs3, rawHeaders: [...acs3.rawHeaders, "x-acs-security-token", "CAIS"] },
      "InvalidSecurityToken.Malformed",
      /without the header x-acs-security-token/,
    ],
    [
      "with two Authorization headers",
      { ...acs3, rawHeaders: [...acs3.rawHeaders, ...acs3.rawHeaders.slice(-2)] },
      "IncompleteSignature",
      /more than one/,
    ],
  ])("%s is refused with code and sentence", async (_name, request, code, message) => {
    const error = await authenticate(request, memoryStore().deps).catch((reason) => reason);
    expect(error).toMatchObject({ code, status: 400, message: expect.stringMatching(message) });
  });

  it("is accepted with an empty security token, which some clients send", async () => {
    const headers = { ...sampleRequest.headers, "x-acs-security-token": "" };
    await expect(authenticate(signAcs3({ ...sampleRequest, headers }), memoryStore().deps)).resolves.toBeDefined();
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const anyRequest: fc.Arbitrary<ClientRequest> = fc
  .record({
    method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
    path: fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `/${words.join("/")}`),
    query: fc.dictionary(word, text, { maxKeys: 4, noNullPrototype: true }),
    action: word,
    source: fc.constantFrom("", "127.0.0.1"),
    body: fc.string({ unit: "grapheme", maxLength: 60 }),
    accessKeyId: fc.stringMatching(/^LTAI[A-Za-z0-9]{8,20}$/),
    secret: fc.stringMatching(/^[A-Za-z0-9]{20,30}$/),
    nonce: fc.uuid(),
  })
  .map(({ action, source, ...rest }) => ({
    ...rest,
    date: sampleRequest.date,
    headers: {
      accept: "application/json",
      "content-type": "application/json; charset=utf-8",
      "content-md5": createHash("md5").update(rest.body).digest("base64"),
      "x-acs-action": action,
      "x-acs-source-ip": source,
    },
  }));
const roaStyles: RoaStyle[] = ["as received", "decoded", "decoded, bare names"];
const anySigner = fc.constantFrom(
  signAcs3,
  ...roaStyles.map((style) => (client: ClientRequest) => signRoa(client, style)),
);

const acceptedBy = async (request: SignedRequest, client: ClientRequest, secret = client.secret) => {
  const { deps } = memoryStore({ key: { secret }, keyId: client.accessKeyId });
  return authenticate(request, deps).then(
    () => true,
    (error) => {
      if (error.name !== "ApiError") throw error;
      return false;
    },
  );
};

describe("any request", () => {
  it("verifies as it was signed", async () => {
    await fc.assert(
      fc.asyncProperty(anyRequest, anySigner, async (client, sign) => {
        expect(await acceptedBy(sign(client), client)).toBe(true);
      }),
    );
  });

  it("is refused when one byte of body, path, query, method, a signed header or the secret differs", async () => {
    const part = fc.constantFrom("body", "path", "query", "method", "header", "secret");
    const isSigned = (name: string) => name !== "accept" && name !== "content-md5";
    await fc.assert(
      fc.asyncProperty(anyRequest, anySigner, part, fc.nat(), fc.integer({ min: 1, max: 93 }), async (...drawn) => {
        const [client, sign, where, place, step] = drawn;
        const request = sign(client);
        const [path = "", query = ""] = request.rawTarget.split("?");
        switch (where) {
          case "body": {
            fc.pre(request.body.length > 0);
            const body = Buffer.from(request.body);
            const index = place % body.length;
            body.writeUInt8((body.readUInt8(index) + step) % 256, index);
            expect(await acceptedBy({ ...request, body }, client)).toBe(false);
            return;
          }
          case "path": {
            const rawTarget = request.rawTarget.replace(path, changed(path, place, step));
            expect(await acceptedBy({ ...request, rawTarget }, client)).toBe(false);
            return;
          }
          case "query": {
            fc.pre(query !== "");
            const other = changed(query, place, step);
            fc.pre(meaning(other) !== meaning(query));
            expect(await acceptedBy({ ...request, rawTarget: `${path}?${other}` }, client)).toBe(false);
            return;
          }
          case "method": {
            const method = changed(request.method, place, step);
            expect(await acceptedBy({ ...request, method }, client)).toBe(false);
            return;
          }
          case "header": {
            const values = request.rawHeaders.flatMap((value, index) =>
              index % 2 === 1 && value !== "" && signsHeader(sign, request.rawHeaders[index - 1] ?? "") ? [index] : [],
            );
            const index = values[place % values.length] ?? 1;
            const rawHeaders = [...request.rawHeaders];
            rawHeaders[index] = changed(rawHeaders[index] ?? "", place, step);
            expect(await acceptedBy({ ...request, rawHeaders }, client)).toBe(false);
            return;
          }
          case "secret":
            expect(await acceptedBy(request, client, changed(client.secret, place, step))).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );

    function signsHeader(sign: typeof anySigner extends fc.Arbitrary<infer S> ? S : never, name: string): boolean {
      return sign === signAcs3 ? isSigned(name) : name !== "host";
    }
  });
});

/** The text with one of its characters replaced by another printable one. */
function changed(original: string, place: number, step: number): string {
  const index = place % original.length;
  const code = original.charCodeAt(index);
  const other = ((code - 33 + step) % 94) + 33;
  return original.slice(0, index) + String.fromCharCode(other) + original.slice(index + 1);
}

/** What a query says, however it is spelled. */
function meaning(query: string): string {
  const parameters = new URLSearchParams(query);
  parameters.sort();
  return JSON.stringify([...parameters]);
}
