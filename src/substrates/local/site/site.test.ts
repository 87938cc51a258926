import { describe, expect, test } from "vitest";
import type { ClusterRecord } from "../../substrate.ts";
import { examplePlan, threeMembers } from "../../testing/example-plan.ts";
import { clusterSite, endpointsOf, requireSite } from "./site.ts";

const id = "0123456789abcdef0123456789abcdef";
const { apiServer } = examplePlan();

const one = clusterSite("/home/sampan", examplePlan({ id }), "127.64.5");
const three = clusterSite("/home/sampan", examplePlan({ id, ...threeMembers() }), "127.64.5");

test("a cluster of one member has its API server at the inner endpoint and everything else at the member's address", () => {
  expect(one.controlPlane.members).toEqual([
    {
      name: "member-1",
      address: "127.64.5.11",
      apiServerAddress: "127.64.5.3",
      vpcAddress: "192.168.0.11",
      directory: `/home/sampan/clusters/${id}/member-1`,
    },
  ]);
});

describe("a cluster of three members", () => {
  test("has an API server at each member's own address", () => {
    const addresses = three.controlPlane.members.map(({ name, apiServerAddress, vpcAddress }) => [
      name,
      apiServerAddress,
      vpcAddress,
    ]);
    expect(addresses).toEqual([
      ["member-1", "127.64.5.11", "192.168.0.11"],
      ["member-2", "127.64.5.12", "192.168.0.12"],
      ["member-3", "127.64.5.13", "192.168.0.13"],
    ]);
  });

  test("must have a VPC address for each", () => {
    expect(() => clusterSite("/home/sampan", examplePlan({ members: 3 }), "127.64.5")).toThrow(
      "The cluster has 3 members, but only 1 VPC addresses for them.",
    );
  });
});

describe("the endpoints", () => {
  const inner = examplePlan({ apiServer: { ...apiServer, publicEndpoint: false } });

  test.each([
    ["one member", one],
    ["three members", three],
  ])("of %s are a public and an inner address", (_, site) => {
    expect(endpointsOf(site)).toEqual({ public: "https://127.64.5.1:6443", intranet: "https://127.64.5.3:6443" });
    expect(site.controlPlane).toMatchObject({ publicAddress: "127.64.5.1", endpointAddress: "127.64.5.3" });
  });

  test("of a cluster without a public one are the inner address alone", () => {
    const site = clusterSite("/home/sampan", inner, "127.64.5");
    expect(endpointsOf(site)).toEqual({ public: undefined, intranet: "https://127.64.5.3:6443" });
  });
});

test("a cluster without a network has no place, and the error names it", () => {
  const record = { plan: examplePlan({ name: "shop" }), state: { network: null } } as unknown as ClusterRecord;
  expect(() => requireSite("/home/sampan", record)).toThrow("Cluster shop has no addresses on this machine");
});
