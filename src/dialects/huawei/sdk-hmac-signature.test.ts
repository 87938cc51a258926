import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMadeWith } from "../common/signature/presented-signature.ts";
import type { SignedRequest } from "../common/signature/signed-request.ts";
import { parseSdkAuthorization, readSdkSignature, sdkCanonicalRequests } from "./sdk-hmac-signature.ts";
import { derivedKey } from "./signing-scope.ts";
import { type ClientRequest, sampleRequest, signSdk } from "./testing/client-signer.ts";

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const headerOf = (request: SignedRequest, name: string) =>
  request.rawHeaders[request.rawHeaders.findIndex((text) => text.toLowerCase() === name) + 1] ?? "";
const withHeader = (request: SignedRequest, name: string, value: string): SignedRequest => ({
  ...request,
  rawHeaders: request.rawHeaders.map((text, index) => (request.rawHeaders[index - 1] === name ? value : text)),
});
const isSignedBy = (request: SignedRequest, secret: string) =>
  isMadeWith(readSdkSignature(request, headerOf(request, "authorization")), secret);

describe("the canonical request", () => {
  const request = { method: "GET", rawTarget: "/", rawHeaders: [], body: Buffer.alloc(0) };
  const lines = (rawTarget: string) => sdkCanonicalRequests({ ...request, rawTarget }, [], emptyHash)[0].split("\n");

  it("has a line each for method, path, query, headers, a blank, the names and the body's hash", () => {
    const rawHeaders = ["Host", " cce.example.test ", "X-Sdk-Date", "20240102T030405Z"];
    expect(
      sdkCanonicalRequests({ ...request, rawTarget: "/api/v3?b=2&a=1", rawHeaders }, ["host", "x-sdk-date"], "hash")[0],
    ).toBe("GET\n/api/v3/\na=1&b=2\nhost:cce.example.test\nx-sdk-date:20240102T030405Z\n\nhost;x-sdk-date\nhash");
  });

  it.each([
    ["", "/"],
    ["/", "/"],
    ["/api/v3/", "/api/v3/"],
    ["/api/v3", "/api/v3/"],
    ["/a+b*c%7Ed!", "/a%2Bb%2Ac~d%21/"],
    ["/%e4%bd%a0", "/%E4%BD%A0/"],
    ["/a%2Fb", "/a%2Fb/"],
    ["/a%zz", "/a%25zz/"],
    ["/../a", "/../a/"],
  ])("takes the path %j as %j", (target, path) => {
    expect(lines(target)[1]).toBe(path);
  });

  it.each([
    ["b=2&a=1", "a=1&b=2"],
    ["a=2&a=10&a=1", "a=1&a=10&a=2"],
    ["errorStatus", "errorStatus="],
    ["a=x+y%20z", "a=x%20y%20z"],
    ["a=%e4%bd%a0", "a=%E4%BD%A0"],
    ["a=!'()*", "a=%21%27%28%29%2A"],
    ["B=1&a=1", "B=1&a=1"],
    // U+FF5E is before U+1F600 in bytes, and after it in UTF-16.
    ["%F0%9F%98%80=1&%EF%BD%9E=1", "%EF%BD%9E=1&%F0%9F%98%80=1"],
    ["", ""],
  ])("takes the query %j as %j", (query, canonical) => {
    expect(lines(`/?${query}`)[2]).toBe(canonical);
  });

  it("may also have the path of an SDK with a slash too many, or one that encodes what is encoded", () => {
    const paths = (rawTarget: string) =>
      sdkCanonicalRequests({ ...request, rawTarget }, [], emptyHash).map((text) => text.split("\n")[1]);
    expect(paths("/api/v3")).toEqual(["/api/v3/", "//api/v3/"]);
    expect(paths("/a%20b")).toEqual(["/a%20b/", "//a%20b/", "/a%2520b/", "//a%2520b/"]);
  });
});

describe("the Authorization header", () => {
  const signature = "a".repeat(64);

  it.each([", ", ",", " , "])("gives key, signed headers and signature, with %j between them", (comma) => {
    const text = ["Access=AK1", "SignedHeaders=host;x-sdk-date", `Signature=${signature}`].join(comma);
    expect(parseSdkAuthorization(`SDK-HMAC-SHA256 ${text}`)).toEqual({
      accessKeyId: "AK1",
      signedHeaders: ["host", "x-sdk-date"],
      signature,
    });
  });

  it.each([
    ["another algorithm", `SDK-HMAC-SM3 Access=a, SignedHeaders=host, Signature=${signature}`],
    ["no key", `SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature=${signature}`],
    ["no headers", `SDK-HMAC-SHA256 Access=a, SignedHeaders=, Signature=${signature}`],
    ["a field too few", `SDK-HMAC-SHA256 Access=a, Signature=${signature}`],
    ["a field too many", `SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=${signature}, More=b`],
    ["a field twice", `SDK-HMAC-SHA256 Access=a, Access=b, SignedHeaders=host, Signature=${signature}`],
    ["a header twice", `SDK-HMAC-SHA256 Access=a, SignedHeaders=host;host, Signature=${signature}`],
    ["a header in capitals", `SDK-HMAC-SHA256 Access=a, SignedHeaders=Host, Signature=${signature}`],
    ["a header that is none", `SDK-HMAC-SHA256 Access=a, SignedHeaders=ho\nst, Signature=${signature}`],
    ["a signature too short", "SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=aa"],
    ["a signature in capitals", `SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=${"A".repeat(64)}`],
    ["nothing but the algorithm", "SDK-HMAC-SHA256"],
    ["a word without =", `SDK-HMAC-SHA256 Access, SignedHeaders=host, Signature=${signature}`],
  ])("with %s is not understood", (_name, text) => {
    expect(parseSdkAuthorization(text)).toBeUndefined();
  });
});

describe("a signed request", () => {
  const signed = signSdk(sampleRequest);
  const read = (request: SignedRequest) => readSdkSignature(request, headerOf(request, "authorization"));

  it("says who signed it, and when", () => {
    expect(read(signed)).toMatchObject({ accessKeyId: "AKEXAMPLE", date: sampleRequest.date, hmac: "sha256" });
  });

  it("need not sign its host, nor anything but the date", () => {
    const request = signSdk({ ...sampleRequest, unsigned: ["host", "content-type"] });
    expect(headerOf(request, "authorization")).toContain("SignedHeaders=x-sdk-date,");
    expect(isSignedBy(request, sampleRequest.secret)).toBe(true);
  });

  it("must sign its date", () => {
    const request = signSdk({ ...sampleRequest, unsigned: ["x-sdk-date"] });
    expect(() => read(request)).toThrow("SignedHeaders does not list x-sdk-date");
  });

  it.each([
    "",
    "2024-01-02T03:04:05Z",
    "20240102T030405",
    "20240230T030405Z",
    "20240102T250405Z",
    "20240102T030405Z,20240102T030405Z",
    "+20240102T030405Z",
  ])("with the date %j is refused for its form", (date) => {
    expect(() => read(withHeader(signed, "x-sdk-date", date))).toThrow("is not a date of the form 20240102T030405Z");
  });

  const hashed = (content: string, unsigned: string[] = []) => {
    const headers = { ...sampleRequest.headers, "x-sdk-content-sha256": content };
    return signSdk({ ...sampleRequest, headers, unsigned });
  };
  const bodyHash = createHash("sha256").update(sampleRequest.body).digest("hex");

  it.each([
    ["the body's hash", bodyHash],
    ["that in capitals", bodyHash.toUpperCase()],
    ["UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"],
  ])("may give its payload as %s", (_name, content) => {
    expect(isSignedBy(hashed(content), sampleRequest.secret)).toBe(true);
  });

  it.each([
    ["another hash", "0".repeat(64)],
    ["nothing", ""],
    ["STREAMING", "STREAMING"],
  ])("may not give its payload as %s, signed or not", (_name, content) => {
    expect(() => read(hashed(content))).toThrow("of which 18 bytes arrived");
    expect(() => read(hashed(content, ["x-sdk-content-sha256"]))).toThrow("of which 18 bytes arrived");
  });

  it("cannot get another body with a header that keeps the old one's hash", () => {
    const rawHeaders = [...signed.rawHeaders, "X-Sdk-Content-Sha256", bodyHash];
    const altered = { ...signed, rawHeaders, body: Buffer.from('{"kind":"Another"}') };
    expect(() => read(altered)).toThrow("is not the SHA-256 of the body");
    const unsigned = { ...altered, rawHeaders: [...signed.rawHeaders, "X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"] };
    expect(isSignedBy(unsigned, sampleRequest.secret)).toBe(false);
  });
});

describe("a signature of the older form", () => {
  const client = { ...sampleRequest, scope: { region: "eu-de", service: "cce" } };
  const signed = signSdk(client);
  const authorization = headerOf(signed, "authorization");
  const changed = (from: string, to: string) => withHeader(signed, "authorization", authorization.replace(from, to));
  const read = (request: SignedRequest) => readSdkSignature(request, headerOf(request, "authorization"));

  it("names key, day, region and service, and is made with a key derived over them", () => {
    expect(authorization).toContain("Credential=AKEXAMPLE/20240102/eu-de/cce/sdk_request, ");
    expect(read(signed)).toMatchObject({ accessKeyId: "AKEXAMPLE", date: client.date });
    expect(read(signed).stringsToSign[0]).toMatch(
      /^SDK-HMAC-SHA256\n20240102T030405Z\n20240102\/eu-de\/cce\/sdk_request\n[0-9a-f]{64}$/,
    );
    expect(isSignedBy(signed, client.secret)).toBe(true);
  });

  it("has the key that golangsdk derives", () => {
    const key = derivedKey("exampleSecret", { day: "20240102", region: "eu-de", service: "cce" });
    expect(key.toString("hex")).toBe("5ce09d8006bca966b5dea09e03a6949ba93e32b2114c8e39b4206b7842555fd5");
  });

  it.each([
    ["another region", "/eu-de/", "/eu-nl/"],
    ["another service", "/cce/", "/iam/"],
    ["no region", "/eu-de/", "//"],
  ])("does not verify with %s", (_what, from, to) => {
    expect(isSignedBy(changed(from, to), client.secret)).toBe(false);
  });

  it("is refused for another day than its date's", () => {
    expect(() => read(changed("/20240102/", "/20240103/"))).toThrow("the Credential names the day 20240103");
  });

  it.each([
    ["another last word", "/sdk_request", "/aws4_request"],
    ["a part too many", "/cce/", "/cce/x/"],
    ["a part too few", "/cce/", "/"],
    ["a day that is none", "/20240102/", "/today/"],
    ["no key", "Credential=AKEXAMPLE/", "Credential=/"],
  ])("is not read with %s", (_what, from, to) => {
    expect(() => read(changed(from, to))).toThrow("is not of the form");
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
const text = fc.string({ unit: "grapheme", maxLength: 12 }).filter((value) => value.isWellFormed());
const anyRequest: fc.Arbitrary<ClientRequest> = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
  path: fc.array(
    text.filter((value) => value !== ""),
    { minLength: 1, maxLength: 4 },
  ),
  query: fc.dictionary(
    text.filter((value) => value !== ""),
    fc.array(text, { minLength: 1, maxLength: 3 }),
    {
      maxKeys: 4,
      noNullPrototype: true,
    },
  ),
  headers: fc.record({
    "content-type": fc.constantFrom("application/json", "application/json;charset=UTF-8"),
    host: word,
    "x-project-id": word,
    "user-agent": fc.constantFrom("terraform-provider-iac golangsdk/2.0.0", "  huaweicloud-usdk-nodejs/3.0;  "),
  }),
  unsigned: fc.subarray(["content-type", "host", "x-project-id", "user-agent"]),
  body: fc.oneof(fc.constant(""), fc.json(), fc.string({ unit: "grapheme" })),
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{20}$/),
  secret: fc.string({ minLength: 1, maxLength: 40 }),
  date: fc.constant(sampleRequest.date),
});
const comma = fc.constantFrom(", ", ",");
const scope = fc.option(fc.record({ region: fc.constantFrom("", "eu-de"), service: fc.constantFrom("", "cce") }), {
  nil: undefined,
});

describe("any request", () => {
  it("verifies as it was signed, and with no other secret", () => {
    fc.assert(
      fc.property(anyRequest, scope, comma, fc.string(), (plain, older, between, other) => {
        const client = { ...plain, ...(older && { scope: older }) };
        const request = signSdk(client, between);
        expect(isSignedBy(request, client.secret)).toBe(true);
        expect(isSignedBy(request, `${other}x${client.secret}`)).toBe(false);
      }),
    );
  });

  it("is refused when method, body, path, query or a signed header is another one", () => {
    const part = fc.constantFrom("method", "body", "path", "query", "header");
    fc.assert(
      fc.property(anyRequest, part, word, (client, where, other) => {
        const request = signSdk(client);
        const [path = "", query = ""] = request.rawTarget.split("?");
        const isSigned = (name: string) => !client.unsigned.includes(name);
        const altered = {
          method: { ...request, method: `${request.method}${other}` },
          body: { ...request, body: Buffer.concat([request.body, Buffer.from(other)]) },
          path: { ...request, rawTarget: `${path}${other}?${query}` },
          query: { ...request, rawTarget: `${path}?${query}&${other}=${other}` },
          header: withHeader(request, "host", `${other}.example`),
        }[where];
        expect(isSignedBy(altered, client.secret)).toBe(where === "header" && !isSigned("host"));
      }),
    );
  });
});
