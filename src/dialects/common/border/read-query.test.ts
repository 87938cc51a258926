import Type from "typebox";
import { describe, expect, it } from "vitest";
import { readQuery } from "./read-query.ts";

const schema = Type.Object({
  cluster_type: Type.String(),
  name: Type.String(),
  PrivateIpAddress: Type.Boolean(),
  region_id: Type.String(),
});
const read = (sent: Record<string, unknown>) => readQuery(sent, schema, ["RegionId"]);

describe("a query", () => {
  it.each([
    [{ cluster_type: "Kubernetes" }],
    [{ clusterType: "Kubernetes" }],
    [{ ClusterType: "Kubernetes" }],
    [{ CLUSTERTYPE: "Kubernetes" }],
  ])("has its parameters in any spelling of the SDKs: %j", (sent) => {
    expect(read(sent)).toEqual({ query: { cluster_type: "Kubernetes" }, violations: [] });
  });

  it("has flags as any language writes them, and none where nothing is written", () => {
    expect(read({ PrivateIpAddress: "True" }).query).toEqual({ PrivateIpAddress: true });
    expect(read({ PrivateIpAddress: "0" }).query).toEqual({ PrivateIpAddress: false });
    expect(read({ PrivateIpAddress: "" }).query).toEqual({});
    expect(read({ PrivateIpAddress: "yes" }).query).toEqual({ PrivateIpAddress: "yes" });
  });

  it("keeps what the schema does not have, and what is the gateway's", () => {
    const sent = { RegionId: "cn-hangzhou", shoe: "42", a: ["1", "2"] };
    expect(read(sent)).toEqual({ query: sent, violations: [] });
    expect(read({ ...sent, region_id: "cn-beijing" }).query).toMatchObject({ region_id: "cn-beijing" });
  });

  it.each([
    ["twice", { name: ["a", "b"] }, "name"],
    ["twice the same", { name: ["a", "a"] }, "name"],
    ["in two spellings", { name: "a", Name: "b" }, "Name"],
  ])("is refused where a parameter is there %s: none may hide another", (_how, sent, parameter) => {
    expect(read(sent).violations).toEqual([{ parameter, rule: "is given more than once", wayOut: "send name once" }]);
  });
});
