import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isMadeWith } from "../../common/signature/presented-signature.ts";
import type { SignedRequest } from "../../common/signature/signed-request.ts";
import { parseRoaAuthorization, readRoaSignature, roaStringsToSign } from "./roa.ts";
import { type RoaStyle, sampleRequest, signRoa } from "./testing/client-signer.ts";

function listClusters(target: string): SignedRequest {
  return {
    method: "GET",
    rawTarget: target,
    rawHeaders: [
      ...["Host", "ack.example.test", "Accept", "application/json", "Date", "Tue, 02 Jan 2024 03:04:05 GMT"],
      ...["x-acs-signature-method", "HMAC-SHA1", "x-acs-signature-nonce", "nonce-0003"],
      ...["x-acs-signature-version", "1.0", "x-acs-version", "2015-12-15"],
    ],
    body: Buffer.alloc(0),
  };
}

describe("the vectors of the client stacks", () => {
  const target = "/api/v1/clusters?cluster_spec=&name=dev+box&page_size=10";
  it.each([
    ["as received (aliyungo)", "8UcZTZO2qo6JMqxdqm72S1m9XIw="],
    ["decoded, empty values with = (TypeScript SDK)", "1sVfEdwIMhs4GtJWppvhfLNCULM="],
    ["decoded, empty values bare (tea-roa)", "7EmnIKmpp7j4oQa/1wHaWyegBc8="],
  ])("verify with the resource %s", (_name, signature) => {
    const presented = readRoaSignature(listClusters(target), `acs LTAIexampleid:${signature}`);
    expect(isMadeWith(presented, "exampleSecret")).toBe(true);
    expect(isMadeWith(presented, "exampleSecreT")).toBe(false);
    expect(presented).toMatchObject({ accessKeyId: "LTAIexampleid", nonce: "nonce-0003", scheme: "ROA-HMAC-SHA1" });
    expect(presented.date).toEqual(new Date("2024-01-02T03:04:05Z"));
  });
});

describe("the strings to sign", () => {
  const resources = (target: string) => roaStringsToSign(listClusters(target)).map((text) => text.split("\n").at(-1));

  it("hold method, four headers, the x-acs headers sorted, and the resource", () => {
    expect(roaStringsToSign(listClusters("/clusters"))[0]).toBe(
      "GET\napplication/json\n\n\nTue, 02 Jan 2024 03:04:05 GMT\n" +
        "x-acs-signature-method:HMAC-SHA1\nx-acs-signature-nonce:nonce-0003\nx-acs-signature-version:1.0\n" +
        "x-acs-version:2015-12-15\n/clusters",
    );
  });

  it.each([
    ["/clusters", ["/clusters", "/clusters", "/clusters"]],
    ["/clusters?", ["/clusters?", "/clusters", "/clusters"]],
    ["/clusters?b=%5B1%5D&a=", ["/clusters?b=%5B1%5D&a=", "/clusters?a=&b=[1]", "/clusters?a&b=[1]"]],
  ])("write the resource of %j three ways", (target, expected) => {
    expect(resources(target)).toEqual(expected);
  });
});

describe("the Authorization header", () => {
  it("gives key and signature", () => {
    expect(parseRoaAuthorization("acs LTAI1:1sVfEdwIMhs4GtJWppvhfLNCULM=")).toEqual({
      accessKeyId: "LTAI1",
      signature: "1sVfEdwIMhs4GtJWppvhfLNCULM=",
    });
  });

  it.each([
    ["no key", "acs :1sVfEdwIMhs4GtJWppvhfLNCULM="],
    ["no signature", "acs LTAI1:"],
    ["no colon", "acs LTAI1"],
    ["a signature too short", "acs LTAI1:1sVfEdwIMhs4GtJWppvhfLNCUL="],
    ["another spelling of the same bytes", "acs LTAI1:1sVfEdwIMhs4GtJWppvhfLNCULN="],
    ["another scheme", "acs2 LTAI1:1sVfEdwIMhs4GtJWppvhfLNCULM="],
  ])("with %s is not understood", (_name, text) => {
    expect(parseRoaAuthorization(text)).toBeUndefined();
  });
});

describe("a request with the older signature", () => {
  const md5 = (text: string) => createHash("md5").update(text).digest("base64");
  const read = (request: SignedRequest) => readRoaSignature(request, request.rawHeaders.at(-1) ?? "");
  const styles: RoaStyle[] = ["as received", "decoded", "decoded, bare names"];

  it.each(styles)("verifies with the resource %s, content-md5 and a query", (style) => {
    const headers = { ...sampleRequest.headers, "content-md5": md5(sampleRequest.body) };
    const query = { name: "dev box", cluster_spec: "" };
    expect(isMadeWith(read(signRoa({ ...sampleRequest, headers, query }, style)), sampleRequest.secret)).toBe(true);
  });

  it.each([undefined, ""])("may have no nonce, or an empty one: %j", (nonce) => {
    const request = signRoa({ ...sampleRequest, nonce }, "as received");
    expect(read(request).nonce).toBeUndefined();
    expect(isMadeWith(read(request), sampleRequest.secret)).toBe(true);
  });

  it.each([
    ["a content-md5 of another body", { "content-md5": md5("{}") }, "ContentMD5NotMatched"],
    ["another signature method", { "x-acs-signature-method": "HMAC-SHA256" }, "IncompleteSignature"],
    ["no date", { date: "" }, "InvalidTimeStamp.Format"],
    ["a date of ISO 8601", { date: "2024-01-02T03:04:05Z" }, "InvalidTimeStamp.Format"],
    ["an impossible date", { date: "Fri, 30 Feb 2024 03:04:05 GMT" }, "InvalidTimeStamp.Format"],
    ["an impossible month", { date: "Fri, 01 Foo 2024 03:04:05 GMT" }, "InvalidTimeStamp.Format"],
    ["an impossible hour", { date: "Mon, 01 Jan 2024 25:04:05 GMT" }, "InvalidTimeStamp.Format"],
  ])("with %s is refused", (_name, headers, code) => {
    const request = signRoa({ ...sampleRequest, headers: { ...sampleRequest.headers, ...headers } }, "decoded");
    expect(() => read(request)).toThrow(expect.objectContaining({ code }));
  });
});
