import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes, writeCluster } from "../../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../../test/support/core.ts";
import { getCluster } from "../../../../core/clusters/clusters.ts";
import { clusterRoutes } from "../routes.ts";

let test: TestCore;
let routes: RoutesUnderTest;
let id: string;
beforeAll(async () => {
  test = await createTestCore();
  routes = await serveRoutes(clusterRoutes, { core: test.core });
});
afterAll(async () => {
  await routes.close();
  await test.close();
});
beforeEach(async () => {
  id = (await writeCluster(test.core, { name: "shop", spec: { deletionProtection: true } })).id;
});

/** Changes a protected cluster named `shop`; what it is then. */
async function modify(body: object) {
  const answer = await routes.put(`/api/v2/clusters/c${id}`, body);
  const cluster = await getCluster(test.core, id);
  const { message } = answer.body as { message?: string };
  return { status: answer.status, message, name: cluster?.name, isProtected: cluster?.spec.deletionProtection };
}

const unchanged = { status: 200, name: "shop", isProtected: true };

describe("ModifyCluster", () => {
  it.each([
    {},
    { cluster_name: null, deletion_protection: null },
    { cluster_name: "", deletion_protection: "" },
    { resource_group_id: "", enable_rrsa: false, timezone: "", vswitch_ids: [] },
    { maintenance_window: {}, operation_policy: null, control_plane_endpoints_config: { internal_dns_config: {} } },
    { maintenance_window: { enable: false, maintenance_time: "", duration: "", weekly_period: "" } },
  ])("takes what is not set for nothing: %j", async (body) => {
    expect(await modify(body)).toMatchObject(unchanged);
  });

  it("takes every field with its zero value, as the older Terraform sends them: the protection is off", async () => {
    const maintenanceWindow = { enable: false, maintenance_time: "", duration: "", weekly_period: "" };
    const body = {
      deletion_protection: false,
      resource_group_id: "",
      maintenance_window: maintenanceWindow,
      enable_rrsa: false,
    };
    expect(await modify(body)).toMatchObject({ ...unchanged, isProtected: false });
  });

  it.each([
    [{ deletion_protection: "False" }, { isProtected: false }],
    [{ deletion_protection: 0 }, { isProtected: false }],
    [{ cluster_name: "店-2" }, { name: "店-2" }],
    [{ cluster_name: 7 }, { name: "7" }],
  ])("takes %j", async (body, changed) => {
    expect(await modify(body)).toMatchObject({ ...unchanged, ...changed });
  });

  it.each([
    [{ cluster_name: "bad name!" }, 'cluster_name "bad name!" must have 1 to 63 digits, Chinese characters'],
    [{ cluster_name: "x".repeat(64) }, "must have 1 to 63"],
    [{ deletion_protection: "off" }, "deletion_protection"],
    [{ enable_rrsa: true }, "enable_rrsa cannot be changed here: ModifyCluster takes cluster_name and deletion_prot"],
    [{ maintenance_window: { enable: true } }, "maintenance_window cannot be changed here"],
    [{ resource_group_id: "rg-other" }, "resource_group_id cannot be changed here"],
  ])("refuses %j by CreateCluster's rule, or because it cannot be changed", async (body, message) => {
    expect(await modify(body)).toEqual({ ...unchanged, status: 400, message: expect.stringContaining(message) });
  });

  it("takes what a field is already for no change", async () => {
    const { spec } = await writeCluster(test.core);
    const rrsa = { audience: "sts.aliyuncs.com", issuer: "https://issuer.test" };
    const cloud = { ...spec.cloud, resourceGroupId: "rg-1" };
    id = (await writeCluster(test.core, { spec: { apiServer: { ...spec.apiServer, rrsa }, cloud } })).id;
    expect(await modify({ enable_rrsa: true, resource_group_id: "rg-1" })).toMatchObject({ status: 200 });
    expect(await modify({ enable_rrsa: false })).toMatchObject({ status: 400 });
  });
});
