import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { longestNodeName, longestNodeNameMode, parseNodeNameMode } from "./node-name-mode.ts";

describe("node_name_mode", () => {
  it.each([
    ["customized,aliyun.com,5,k8s", { prefix: "aliyun.com", address: 5, suffix: "k8s" }],
    ["customized,aliyun,12,", { prefix: "aliyun", address: 12, suffix: "" }],
    ["customized,aliyun.com,ip,test", { prefix: "aliyun.com", address: "ip", suffix: "test" }],
    ["aliyun.com00055test", { prefix: "aliyun.com", address: 5, suffix: "test" }],
    ["aliyun.com192.168.0.55test", { prefix: "aliyun.com", address: "ip", suffix: "test" }],
    ["node-192168000055", { prefix: "node-", address: 12, suffix: "" }],
  ])("%s", (mode, pattern) => {
    expect(parseNodeNameMode(mode)).toEqual(pattern);
  });

  it.each([
    "",
    "customized",
    "customized,a",
    "customized,,5,x",
    "customized,a,4,x",
    "customized,a,13,x",
    "customized,a,5,x,y",
    "customized,a..b,5,x",
    "customized,a_b,5,x",
    "noaddress",
    "a1234b",
    "00055test",
    "-00055",
  ])("%j is refused", (mode) => {
    expect(parseNodeNameMode(mode)).toBeUndefined();
  });

  it.each([
    ["customized", `customized,${"a".repeat(longestNodeName - 12)},12,`, 12],
    ["finished", `${"a".repeat(longestNodeName - 12)}192168000055`, 12],
  ])("may be as long as a name, %s, and no longer than that needs", (_form, mode, address) => {
    const prefix = "a".repeat(longestNodeName - 12);
    expect(parseNodeNameMode(mode)).toEqual({ prefix, address, suffix: "" });
    expect(parseNodeNameMode("a".repeat(longestNodeNameMode) + mode)).toBeUndefined();
  });

  it("is refused at once where it is of a length at which a search would take minutes", () => {
    expect(parseNodeNameMode(`${"11111a".repeat(170_000)}\n`)).toBeUndefined();
  });

  it("is read or refused whatever the text, and never throws", () => {
    fc.assert(
      fc.property(fc.string(), (mode) => {
        const pattern = parseNodeNameMode(`customized,${mode}`);
        expect(pattern === undefined || pattern.prefix.length > 0).toBe(true);
      }),
    );
  });
});
