import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { misspelt, respell } from "./respell.ts";
import { sampleOf, terraforms } from "./testing/bodies.ts";

const network = { vpc: "vpc-1", subnet: "subnet-1" };
const other = { vpc: "vpc-2", subnet: "subnet-1" };

describe("the spelling of a body's keys", () => {
  it.each([
    ["apiVersion in lower case, as terraform has it", { apiversion: "v3" }, { apiVersion: "v3" }],
    ["the envelope's in upper case", { KIND: "a", METADATA: {}, SPEC: {} }, { kind: "a", metadata: {}, spec: {} }],
    ["hostNetwork as the documents misspell it", { spec: { hostNetwok: network } }, { spec: { hostNetwork: network } }],
    ["the kind in lower case", { kind: "cluster" }, { kind: "Cluster" }],
    ["another kind", { kind: "node" }, { kind: "node" }],
    ["both at once", { Spec: { hostNetwok: network } }, { spec: { hostNetwork: network } }],
    ["the same in both spellings", { kind: "a", Kind: "a" }, { kind: "a" }],
    [
      "the same network twice",
      { spec: { hostNetwok: network, hostNetwork: network } },
      { spec: { hostNetwork: network } },
    ],
    [
      "the same spec in both spellings, each with another one of the network",
      { Spec: { hostNetwork: network }, spec: { hostNetwok: network } },
      { spec: { hostNetwork: network } },
    ],
    ["nothing in the right one", { kind: null, Kind: "a" }, { kind: "a" }],
    [
      "nothing in the other one",
      { spec: { hostNetwork: network, hostNetwok: null } },
      { spec: { hostNetwork: network } },
    ],
  ])("is put right: %s", (_what, sent, body) => {
    expect(respell(sent)).toEqual(body);
    expect(misspelt(respell(sent))).toEqual([]);
  });

  it.each([
    ["keys that only resemble them", { specs: 1, "api-version": "v3", spec: { hostnetwok: 1, Type: "a" } }],
    ["keys inside of the object", { metadata: { Kind: "a", labels: { Spec: "b" } }, spec: { kind: "a" } }],
    ["what is no object", { spec: "hostNetwok", metadata: ["Kind"] }],
    ["a body that is no object", ["Kind"]],
    ["a body that is a text", "Kind"],
  ])("stays in %s", (_what, body) => {
    expect(respell(body)).toEqual(body);
    expect(misspelt(body)).toEqual([]);
  });

  it.each([
    ["hostNetwork", { spec: { hostNetwok: other, hostNetwork: network } }, "spec.hostNetwok", "spec.hostNetwork"],
    ["apiVersion", { apiversion: "v2", apiVersion: "v3" }, "apiversion", "apiVersion"],
    ["two misspelt ones", { APIVERSION: "v2", apiversion: "v3" }, "apiversion", "apiVersion"],
    ["a whole spec", { Spec: { type: "a" }, spec: { type: "b" } }, "Spec", "spec"],
  ])("stays where both are there and differ: %s", (_what, sent, written, key) => {
    expect(misspelt(respell(sent))).toEqual([{ written, key }]);
  });

  it("is right in the documents' samples", () => {
    for (const type of ["VirtualMachine", "BareMetal"] as const)
      expect(respell(sampleOf(type))).toEqual(sampleOf(type));
  });
});

describe("a normalised body", () => {
  it("has nothing in it that is null", () => {
    expect(JSON.stringify(respell(terraforms))).not.toContain("null");
  });

  it("is the same when it is normalised again, whatever it is", () => {
    const keys = fc.constantFrom("kind", "Kind", "KIND", "spec", "Spec", "hostNetwok", "hostNetwork", "apiversion");
    const json = fc.jsonValue({ maxDepth: 1 });
    const values = fc.dictionary(keys, fc.oneof(json, fc.dictionary(keys, json, { maxKeys: 4 })), { maxKeys: 5 });
    fc.assert(
      fc.property(values, (value) => {
        const once = respell(value);
        expect(respell(once)).toEqual(once);
        expect(() => misspelt(once)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it("does not change the body that was sent", () => {
    const sent = { Kind: "Cluster", spec: { hostNetwok: network, version: null } };
    respell(sent);
    expect(sent).toEqual({ Kind: "Cluster", spec: { hostNetwok: network, version: null } });
  });
});
