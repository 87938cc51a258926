import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMadeWith } from "../common/signature/presented-signature.ts";
import { readSdkSignature } from "./sdk-hmac-signature.ts";
import { AKSKSigner, sdkCore } from "./testing/huawei-sdk.ts";

const accessKeyId = "AKEXAMPLE";
const projectId = "0123456789abcdef0123456789abcdef";
const credentials = (secret: string) => new sdkCore.BasicCredentials().withAk(accessKeyId).withSk(secret);

describe("the SDK's own signer", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_.~-]{1,12}$/);
  // The SDK orders names and values by UTF-16, others by bytes: that is the same below the surrogates.
  const text = fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .filter((value) => [...value].every((character) => character < "\ud800"));

  it("makes signatures that verify, whatever is in path, query and body", () => {
    const request = fc.record({
      method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
      path: fc.array(word, { minLength: 1, maxLength: 5 }),
      query: fc.dictionary(text, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
      data: fc.option(fc.dictionary(word, fc.jsonValue()), { nil: undefined }),
      secret: fc.stringMatching(/^[A-Za-z0-9]{20,40}$/),
    });
    fc.assert(
      fc.property(request, ({ method, path, query, data, secret }) => {
        const target = `/${path.join("/")}`;
        const headers = AKSKSigner.sign(
          {
            endpoint: `http://cce.example.test:7080${target}`,
            method,
            queryParams: query,
            headers: { "content-type": "application/json", "X-Project-Id": projectId },
            data,
          } as unknown as Parameters<typeof AKSKSigner.sign>[0],
          credentials(secret),
        ) as Record<string, string>;
        const wireQuery = new URLSearchParams(
          Object.entries(query).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])),
        ).toString();
        const signed = {
          method,
          rawTarget: wireQuery === "" ? target : `${target}?${wireQuery}`,
          rawHeaders: Object.entries(headers).flat(),
          body: Buffer.from(data === undefined ? "" : JSON.stringify(data)),
        };
        const presented = readSdkSignature(signed, headers.Authorization ?? "");
        expect(presented.accessKeyId).toBe(accessKeyId);
        expect(isMadeWith(presented, secret)).toBe(true);
        expect(isMadeWith(presented, `${secret}x`)).toBe(false);
      }),
    );
  });
});
