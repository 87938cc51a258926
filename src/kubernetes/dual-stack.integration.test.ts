import type { V1Node, V1Service } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../test/support/distribution.ts";
import { type ApiClient, createApiClient } from "./client.ts";
import { loneControlPlane } from "./testing/lone-control-plane.ts";
import { type RunningControlPlane, startControlPlane, until } from "./testing/running-control-plane.ts";

const services = "/api/v1/namespaces/default/services";
const ports = [{ port: 80 }];

describe("a control plane of two address families", () => {
  let plane: RunningControlPlane;
  let client: ApiClient;

  beforeAll(async () => {
    const ipv6 = { podCidr: "fd00:10::/56", serviceCidr: "fc00::/112" };
    plane = await startControlPlane(await installedDistribution(), (directory) =>
      loneControlPlane(directory, "127.64.246", { network: { ipv6 } }),
    );
    client = createApiClient(plane.admin);
  });
  afterAll(async () => {
    await client?.close();
    await plane?.stop();
  });

  async function createService(name: string, spec: V1Service["spec"]): Promise<V1Service["spec"]> {
    const body = { metadata: { name }, spec: { ports, ...spec } };
    return (await client.request<V1Service>("POST", services, { body })).spec;
  }

  it("gives a Service an IPv6 address where it asks for one", async () => {
    const spec = await createService("six", { ipFamilies: ["IPv6"], ipFamilyPolicy: "SingleStack" });
    expect(spec?.clusterIP).toMatch(/^fc00::[0-9a-f]+$/);
  });

  it("gives a Service both where it asks for both, and IPv4 where it asks for nothing", async () => {
    const both = await createService("both", { ipFamilyPolicy: "RequireDualStack" });
    expect(both?.clusterIPs).toEqual([
      expect.stringMatching(/^172\.21\.\d+\.\d+$/),
      expect.stringMatching(/^fc00::[0-9a-f]+$/),
    ]);
    expect((await createService("plain", {}))?.clusterIPs).toEqual([expect.stringMatching(/^172\.21\.\d+\.\d+$/)]);
  });

  it("gives a node a share of both Pod ranges", async () => {
    await client.request("POST", "/api/v1/nodes", { body: { metadata: { name: "worker" } } });
    const node = await until(async () => {
      const found = await client.request<V1Node>("GET", "/api/v1/nodes/worker");
      return found.spec?.podCIDRs === undefined ? undefined : found;
    });
    expect(node.spec?.podCIDRs).toEqual([
      expect.stringMatching(/^172\.20\.\d+\.(0|128)\/25$/),
      expect.stringMatching(/^fd00:10:.*::?\/64$/),
    ]);
  });
});
