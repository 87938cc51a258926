import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isMadeWith } from "../../common/signature/presented-signature.ts";
import type { SignedRequest } from "../../common/signature/signed-request.ts";
import { acs3CanonicalRequest, parseAcs3Authorization, readAcs3Signature } from "./acs3.ts";
import { sampleRequest, signAcs3 } from "./testing/client-signer.ts";

const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const host = "ack.example.test:8443";

/** The vectors were made by the official SDKs' own signing code. */
const deleteSignature = "3c71e979ee73ec8572d049c9887646aa496a7bc0215e0dd1f2760966bf20175c";
const deleteSigned = "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
function deleteCluster(query: string): SignedRequest {
  return {
    method: "DELETE",
    rawTarget: `/clusters/c0123456789abcdef0123456789abcdef?${query}`,
    rawHeaders: [
      ...["Host", host, "x-acs-action", "DeleteCluster", "x-acs-content-sha256", emptyHash],
      ...["x-acs-date", "2024-01-02T03:04:05Z", "x-acs-signature-nonce", "nonce-0001", "x-acs-version", "2015-12-15"],
      ...["Authorization", authorization(deleteSigned, deleteSignature)],
    ],
    body: Buffer.alloc(0),
  };
}

function authorization(signedHeaders: string, signature: string): string {
  return `ACS3-HMAC-SHA256 Credential=LTAIexampleid,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

function verify(request: SignedRequest, secret: string): boolean {
  const value = request.rawHeaders[request.rawHeaders.findIndex((text) => text.toLowerCase() === "authorization") + 1];
  return isMadeWith(readAcs3Signature(request, value ?? ""), secret);
}

describe("the vectors of the official SDKs", () => {
  const spellings = {
    "TypeScript SDK": "keep_slb=&retain_all_resources=false&retain_resources=%5B%22vsw-1%22%2C%22a%20b*~%22%5D",
    "Go SDK (space as plus)": "keep_slb=&retain_all_resources=false&retain_resources=%5B%22vsw-1%22%2C%22a+b%2A~%22%5D",
    "another order, bare empty name":
      "retain_resources=%5B%22vsw-1%22,%22a%20b%2a%7E%22%5D&retain_all_resources=false&keep_slb",
  };
  it.each(Object.entries(spellings))("verify a DELETE with the query as the %s writes it", (_name, query) => {
    const request = deleteCluster(query);
    const canonical = acs3CanonicalRequest(request, deleteSigned.split(";"));
    expect(createHash("sha256").update(canonical).digest("hex")).toBe(
      "b19d76956efdee7ff03bd1e350c76e81e4ff6501cc3bc9b45644d45037754c52",
    );
    expect(verify(request, "exampleSecret")).toBe(true);
    expect(verify(request, "exampleSecreT")).toBe(false);
  });

  it("verify a POST with a body", () => {
    const body = Buffer.from('{"name":"demo"}');
    const request = {
      method: "POST",
      rawTarget: "/clusters",
      rawHeaders: [
        ...["content-type", "application/json; charset=utf-8", "host", host, "x-acs-action", "CreateCluster"],
        ...["x-acs-content-sha256", createHash("sha256").update(body).digest("hex")],
        ...["x-acs-date", "2024-01-02T03:04:05Z", "x-acs-signature-nonce", "nonce-0002"],
        ...["x-acs-version", "2015-12-15"],
        "authorization",
        authorization(
          `content-type;${deleteSigned}`,
          "f1c62662f176518bef4c57f405b8f86bd9f6e501e5745799cf4ac5901cd3dfa1",
        ),
      ],
      body,
    };
    expect(verify(request, "exampleSecret")).toBe(true);
  });
});

describe("the canonical request", () => {
  const request = { method: "GET", rawTarget: "/", rawHeaders: [], body: Buffer.alloc(0) };

  it("has a line each for method, path, query, headers, a blank, the names and the body's hash", () => {
    const rawHeaders = ["Host", " ack.example.test ", "X-Acs-Source-Ip", ""];
    expect(
      acs3CanonicalRequest({ ...request, rawTarget: "/clusters?name=a", rawHeaders }, ["host", "x-acs-source-ip"]),
    ).toBe(`GET\n/clusters\nname=a\nhost:ack.example.test\nx-acs-source-ip:\n\nhost;x-acs-source-ip\n${emptyHash}`);
  });

  it.each([
    ["/a+b*c%7Ed", "/a%20b%2Ac~d"],
    ["/clusters/%E4%BD%A0", "/clusters/%E4%BD%A0"],
    ["", "/"],
    ["?name=a", "/"],
  ])("takes the path %j as %j", (rawTarget, path) => {
    expect(acs3CanonicalRequest({ ...request, rawTarget }, []).split("\n")[1]).toBe(path);
  });

  it.each([
    ["b=2&a=1", "a=1&b=2"],
    ["a=!'()*", "a=%21%27%28%29%2A"],
    ["a=x+y%20z", "a=x%20y%20z"],
    ["a=%e4%bd%a0", "a=%E4%BD%A0"],
    ["a", "a="],
    ["a=1=2", "a=1%3D2"],
    ["&a=1&", "a=1"],
    ["a=%zz", "a=%25zz"],
    ["a%3D1%26b=2", "a%3D1%26b=2"],
    ["", ""],
  ])("takes the query %j as %j", (query, canonical) => {
    expect(acs3CanonicalRequest({ ...request, rawTarget: `/?${query}` }, []).split("\n")[2]).toBe(canonical);
  });

  it("joins a header that occurs several times, its values trimmed and sorted", () => {
    const rawHeaders = ["x-acs-tag", " b ", "X-ACS-Tag", "a", "x-acs-tag", "c"];
    expect(acs3CanonicalRequest({ ...request, rawHeaders }, ["x-acs-tag"]).split("\n")[3]).toBe("x-acs-tag:a,b,c");
  });
});

describe("the Authorization header", () => {
  const signature = "a".repeat(64);

  it("gives key, signed headers and signature, with spaces after the commas or without", () => {
    const parsed = { accessKeyId: "LTAI1", signedHeaders: ["host", "x-acs-date"], signature };
    for (const comma of [",", ", "]) {
      const text = ["Credential=LTAI1", "SignedHeaders=host;x-acs-date", `Signature=${signature}`].join(comma);
      expect(parseAcs3Authorization(`ACS3-HMAC-SHA256 ${text}`)).toEqual(parsed);
    }
  });

  it.each([
    ["another algorithm", `ACS3-RSA-SHA256 Credential=a,SignedHeaders=host,Signature=${signature}`],
    ["no key", `ACS3-HMAC-SHA256 Credential=,SignedHeaders=host,Signature=${signature}`],
    ["no headers", `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=,Signature=${signature}`],
    ["a field too few", `ACS3-HMAC-SHA256 Credential=a,Signature=${signature}`],
    ["a field too many", `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=${signature},More=b`],
    ["a field twice", `ACS3-HMAC-SHA256 Credential=a,Credential=b,SignedHeaders=host,Signature=${signature}`],
    ["a header twice", `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;host,Signature=${signature}`],
    ["a header in capitals", `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=Host,Signature=${signature}`],
    ["a signature too short", "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=aa"],
    ["a signature in capitals", `ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host,Signature=${"A".repeat(64)}`],
    ["nothing but the algorithm", "ACS3-HMAC-SHA256"],
    ["a word without =", `ACS3-HMAC-SHA256 Credential,SignedHeaders=host,Signature=${signature}`],
  ])("with %s is not understood", (_name, text) => {
    expect(parseAcs3Authorization(text)).toBeUndefined();
  });
});

describe("an ACS3 request", () => {
  const signed = signAcs3(sampleRequest);
  const authorizationOf = (request: SignedRequest) => request.rawHeaders.at(-1) ?? "";

  it.each(["host", "x-acs-date", "x-acs-content-sha256", "x-acs-signature-nonce"])("must sign %s", (name) => {
    const text = authorizationOf(signed).replace(new RegExp(`(;${name}\\b|\\b${name};)`), "");
    expect(() => readAcs3Signature(signed, text)).toThrow(`SignedHeaders does not list the header ${name}`);
  });

  it.each(["x-acs-date", "x-acs-content-sha256", "x-acs-signature-nonce"])("must have a value in %s", (name) => {
    const rawHeaders = signed.rawHeaders.map((text, index) => (signed.rawHeaders[index - 1] === name ? "" : text));
    expect(() => readAcs3Signature({ ...signed, rawHeaders }, authorizationOf(signed))).toThrow(
      `the header ${name} is signed but missing or empty`,
    );
  });

  it("must hash the body it carries, and the message repeats neither", () => {
    const altered = { ...signed, body: Buffer.from('{"login_password":"Hunter2!"}') };
    expect(() => readAcs3Signature(altered, authorizationOf(signed))).toThrow(
      expect.objectContaining({
        code: "SignatureDoesNotMatch",
        message: expect.stringMatching(/SHA-256 of the body, of which 29 bytes arrived\.$/),
      }),
    );
  });

  it.each(["2024-01-02 03:04:05", "2024-01-02T03:04:05.000Z", "2024-02-30T03:04:05Z", "Tue, 02 Jan 2024 03:04:05 GMT"])(
    "with the date %j is refused for its form",
    (date) => {
      const rawHeaders = signed.rawHeaders.map((text, index) =>
        signed.rawHeaders[index - 1] === "x-acs-date" ? date : text,
      );
      expect(() => readAcs3Signature({ ...signed, rawHeaders }, authorizationOf(signed))).toThrow(
        expect.objectContaining({ code: "InvalidTimeStamp.Format" }),
      );
    },
  );
});
