import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes, writeCluster } from "../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../test/support/core.ts";
import { newCluster } from "../../../../test/support/new-cluster.ts";
import type { ClusterState } from "../../../core/clusters/cluster.ts";
import { setClusterState } from "../../../core/clusters/clusters.ts";
import { writeClusterResources } from "../../../core/resources/resources.ts";
import { resourceRoutes } from "./routes.ts";

type Shown = Record<string, unknown> & { resource_type: string; instance_id: string; resource_info: string };

let test: TestCore;
let routes: RoutesUnderTest;
let clusterId: string;
beforeAll(async () => {
  test = await createTestCore();
  routes = await serveRoutes(resourceRoutes, test);
  const { cloud } = newCluster().spec;
  const cluster = await writeCluster(test.core, {
    spec: {
      cloud: { ...cloud, snat: true, loadBalancerSpec: "slb.s3.small", resourceGroupId: "rg-1" },
      tags: { "tag-k": "tag-v" },
      addons: [
        { name: "nginx-ingress-controller", version: undefined, config: "", disabled: false },
        { name: "logtail-ds", version: undefined, config: "", disabled: false },
      ],
    },
    pools: [{ name: "pool", size: 2, instances: ["i-old"] }],
  });
  const vswitches = [{ id: "vsw-1", vpcId: "vpc-1", zone: "cn-beijing-a", cidr: "192.168.0.0/22" }];
  await writeClusterResources(test.core, { ...cluster, cluster, vswitches });
  clusterId = cluster.id;
});
afterAll(async () => {
  await routes.close();
  await test.close();
});

const list = async (query?: Record<string, string>) =>
  (await routes.get(`/clusters/c${clusterId}/resources`, query)).body as Shown[];
const find = async (type: string, query?: Record<string, string>) => {
  const found = (await list(query)).filter(({ resource_type }) => resource_type === `ALIYUN::${type}`);
  return found as [Shown, ...Shown[]];
};

describe("DescribeClusterResources", () => {
  it("lists what the cluster is made of, first what the rest needs", async () => {
    expect((await list()).map(({ resource_type }) => resource_type)).toEqual(
      [
        ...["ROS::Stack", "ECS::VPC", "ECS::VSwitch", "ECS::SecurityGroup", "SLB::LoadBalancer", "VPC::EIP"],
        ...["VPC::NatGateway", "VPC::EIP", "VPC::SnatEntry", "ESS::ScalingGroup", "ESS::ScalingConfiguration"],
        ...["ECS::Instance", "ECS::Disk", "ECS::Instance", "ECS::Disk", "SLS::Project"],
      ].map((type) => `ALIYUN::${type}`),
    );
  });

  it("shows each with all that clients read", async () => {
    const [balancer] = await find("SLB::LoadBalancer");
    expect(balancer).toEqual({
      cluster_id: `c${clusterId}`,
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      instance_id: expect.stringMatching(/^lb-[a-z0-9]{20}$/),
      resource_type: "ALIYUN::SLB::LoadBalancer",
      resource_info: expect.any(String),
      state: "CREATE_COMPLETE",
      auto_create: 1,
      dependencies: [{ cluster_id: `c${clusterId}`, resource_type: "ALIYUN::ECS::VSwitch", instance_id: "vsw-1" }],
      delete_behavior: { delete_by_default: true, changeable: true },
      creator_type: "system",
      extra_info: {},
    });
    expect(JSON.parse(balancer.resource_info)).toEqual({
      Id: "k8s_master_slb",
      Name: "k8s_master_slb",
      Type: "ALIYUN::SLB::LoadBalancer",
      Status: "CREATE_COMPLETE",
      StatusReason: "state changed",
      Updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
      PhysicalId: balancer.instance_id,
      Properties: {
        LoadBalancerSpec: "slb.s3.small",
        AddressType: "intranet",
        ListenerPort: 6443,
        VpcId: "vpc-1",
        VswitchId: "vsw-1",
        Tags: [{ Key: "tag-k", Value: "tag-v" }],
        ResourceGroupId: "rg-1",
      },
    });
  });

  it("tells what was there before from what was made", async () => {
    const instances = await find("ECS::Instance");
    expect(instances).toMatchObject([
      {
        ...{ instance_id: "i-old", auto_create: 0, creator_type: "user" },
        delete_behavior: { delete_by_default: false, changeable: false },
      },
      { instance_id: "i-pool-1", auto_create: 1, creator_type: "system" },
    ]);
    expect(await find("ECS::VPC")).toMatchObject([{ instance_id: "vpc-1", auto_create: 0, dependencies: [] }]);
  });

  it("shows nested properties in the stack's own spelling", async () => {
    const [configuration] = await find("ESS::ScalingConfiguration");
    expect(JSON.parse(configuration.resource_info).Properties).toMatchObject({
      InstanceTypes: ["ecs.c6.large"],
      SystemDisk: { Category: "cloud_ssd", Size: 120 },
      DataDisks: [],
    });
  });

  it.each([
    [undefined, 1],
    [{ with_addon_resources: "" }, 1],
    [{ with_addon_resources: "false" }, 1],
    [{ with_addon_resources: "true" }, 2],
    [{ with_addon_resources: "True" }, 2],
    [{ with_addon_resources: "1" }, 2],
  ])("with %j shows %i load balancers: the ingress controller's only where it is asked for", async (query, count) => {
    const balancers = await find("SLB::LoadBalancer", query);
    expect(balancers).toHaveLength(count);
    if (count === 2)
      expect(balancers[1]).toMatchObject({
        creator_type: "addon",
        associated_object: { kind: "Service", namespace: "kube-system", name: "nginx-ingress-lb" },
      });
  });

  it("keeps a log project by default", async () => {
    const [project] = await find("SLS::Project");
    expect(project).toMatchObject({
      instance_id: `k8s-log-c${clusterId}`,
      delete_behavior: { delete_by_default: false, changeable: true },
    });
  });

  it.each<[ClusterState, string]>([
    ["creating", "CREATE_IN_PROGRESS"],
    ["failed", "CREATE_FAILED"],
    ["removing", "DELETE_IN_PROGRESS"],
    ["remove-failed", "DELETE_FAILED"],
    ["running", "CREATE_COMPLETE"],
  ])("follows a cluster that is %s: %s", async (state, shown) => {
    await setClusterState(test.core, clusterId, state);
    const states = new Map((await list()).map((resource) => [resource.resource_type, resource.state]));
    expect(states.get("ALIYUN::VPC::NatGateway")).toBe(shown);
    expect(states.get("ALIYUN::ECS::VPC")).toBe("CREATE_COMPLETE");
  });

  it("refuses another value of its flag, and a cluster that is not there", async () => {
    const wrong = await routes.get(`/clusters/c${clusterId}/resources`, { with_addon_resources: "maybe" });
    expect(wrong).toMatchObject({ status: 400, body: { code: "InvalidParameter" } });
    expect(wrong.text).toContain("with_addon_resources");
    const gone = await routes.get(`/clusters/c${"0".repeat(32)}/resources`);
    expect(gone).toMatchObject({ status: 404, body: { code: "ErrorClusterNotFound" } });
  });
});
