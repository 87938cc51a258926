import { join } from "node:path";
import type { V1DeploymentList, V1PodList, V1Service } from "@kubernetes/client-node";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../../../test/support/distribution.ts";
import { eventually } from "../../../../test/support/eventually.ts";
import { simulatedNode } from "../../../../test/support/simulated-node.ts";
import { addonCatalogue } from "../../../core/clouds/alibaba/add-ons.ts";
import { addonBuilders } from "../../../kubernetes/addons/builders.ts";
import type { ContentPlan } from "../../../kubernetes/addons/cluster-content.ts";
import { clusterObjects } from "../../../kubernetes/addons/cluster-objects.ts";
import { describeObject, type KubernetesObject, objectPath } from "../../../kubernetes/addons/kubernetes-object.ts";
import {
  dedicatedPlan,
  exampleAddon,
  examplePool,
  managedPlan,
  tunnelPlan,
} from "../../../kubernetes/addons/testing/example-content.ts";
import { type ApiClient, createApiClient } from "../../../kubernetes/client.ts";
import type { ControlPlane } from "../../../kubernetes/control-plane.ts";
import type { Distribution } from "../../../kubernetes/distribution/distribution.ts";
import { issueCertificate } from "../../../kubernetes/pki/certificates.ts";
import { type RunningControlPlane, startControlPlane } from "../../../kubernetes/testing/running-control-plane.ts";
import { type NodeSimulator, startNodeSimulator } from "../../../nodes/index.ts";
import { applyObjects } from "./apply.ts";

const clusterNetwork = "127.64.248";
const kubeletAddress = `${clusterNetwork}.2`;
const givenServiceCidr = "172.21.0.0/20";

/** What the CCE dialect asks for, which has no catalogue that users choose from. */
const cceAddons = ["everest", "overlay_l2", "underlay_ipvlan", "vpc-router", "eni"];

let distribution: Distribution;
let plane: RunningControlPlane;
let simulator: NodeSimulator;
let api: ApiClient;

beforeAll(async () => {
  distribution = await installedDistribution();
  plane = await startControlPlane(distribution, describeControlPlane);
  api = createApiClient(plane.admin);
});

afterAll(async () => {
  await simulator?.stop();
  await api?.close();
  await plane?.stop();
});

function describeControlPlane(directory: string): ControlPlane {
  return {
    id: "add-ons",
    endpointAddress: `${clusterNetwork}.1`,
    members: [
      {
        name: "member-1",
        address: `${clusterNetwork}.11`,
        apiServerAddress: `${clusterNetwork}.1`,
        vpcAddress: "192.168.0.11",
        directory: join(directory, "member-1"),
      },
    ],
    network: {
      podCidr: "172.20.0.0/16",
      nodeCidrMask: 26,
      serviceCidr: givenServiceCidr,
      clusterDomain: "cluster.local",
    },
    apiServer: {
      extraSans: [],
      serviceAccountIssuer: "https://kubernetes.default.svc",
      apiAudiences: ["https://kubernetes.default.svc"],
    },
    timezone: undefined,
  };
}

/** Three workers, all of which keep other pods away, as in the documented managed cluster; two of them are monitored. */
async function joinTaintedWorkers(): Promise<void> {
  const authority = { cert: plane.secrets["ca.crt"], key: plane.secrets["ca.key"] };
  const serving = { commonName: "kubelets", ipAddresses: [kubeletAddress], usages: ["server" as const] };
  const tls = { ...(await issueCertificate(authority, serving)), clientCa: authority.cert };
  const nodes = [1, 2, 3].map((number) =>
    simulatedNode({
      name: `worker-${number}`,
      internalIp: `192.168.0.${55 + number}`,
      providerId: `cn-zhangjiakou.i-${number}`,
      taints: [{ key: "1", value: "1", effect: "NoSchedule" }],
      ...(number > 1 && { labels: managedPlan().content.monitoredNodes }),
    }),
  );
  const kubelet = { address: kubeletAddress, port: 10250, tls };
  simulator = await startNodeSimulator({ access: plane.admin, kubelet, nodes, log: pino({ level: "silent" }) });
}

const objectsOf = (plan: ContentPlan) => clusterObjects(plan, distribution.version);
const apply = (plan: ContentPlan) =>
  applyObjects(api, objectsOf(plan), {
    concurrency: 8,
    pollMs: 50,
    deadlineMs: 120_000,
    signal: new AbortController().signal,
  });

interface Applied {
  metadata: { resourceVersion: string; generation?: number; managedFields?: { manager: string }[] };
}

/** What changes of an object when somebody but its controllers writes it. */
async function stateOf(object: KubernetesObject): Promise<unknown> {
  const { metadata } = await api.request<Applied>("GET", objectPath(object));
  const { generation, resourceVersion, managedFields } = metadata;
  // Controllers write the status of workloads at any time.
  const version = generation === undefined ? resourceVersion : generation;
  return [describeObject(object), version, managedFields?.filter(({ manager }) => manager === "sampan")];
}

const statesOf = (plan: ContentPlan) => Promise.all(objectsOf(plan).map(stateOf));

describe("the add-ons of the documented managed cluster", () => {
  it("are all accepted, by an API server that has just started", async () => {
    await apply(managedPlan());
    const { spec } = await api.request<V1Service>("GET", "/api/v1/namespaces/kube-system/services/kube-dns");
    expect(spec?.clusterIP).toBe("172.21.0.10");
  });

  it("run on workers that all have a taint, every pod of them", async () => {
    await joinTaintedWorkers();
    await eventually(async () => {
      const pods = await api.request<V1PodList>("GET", "/api/v1/pods");
      const waiting = pods.items.filter(({ status }) => status?.phase !== "Running");
      expect(waiting.map(({ metadata }) => metadata?.name)).toEqual([]);
      const { items } = await api.request<V1DeploymentList>("GET", "/apis/apps/v1/deployments");
      expect(items.map(({ status }) => status?.availableReplicas)).toEqual(items.map(({ spec }) => spec?.replicas));
      // Five DaemonSets on three workers, the monitoring agent on two, and eight pods of Deployments.
      expect(pods.items.length).toBe(5 * 3 + 2 + 8);
    });
  });

  it("are left untouched when they are applied again", async () => {
    const before = await statesOf(managedPlan());
    await apply(managedPlan());
    expect(await statesOf(managedPlan())).toEqual(before);
  });

  it("are put right where somebody has changed what Sampan gave", async () => {
    const path = "/api/v1/namespaces/kube-system/configmaps/cluster-info";
    await api.request("PATCH", path, { body: { data: { name: "changed", mine: "kept" } } });
    await apply(managedPlan());
    expect(await api.request("GET", path)).toMatchObject({ data: { name: "ACK托管版", mine: "kept" } });
  });
});

describe("any other content", () => {
  it("is accepted: Terway, an ingress, sandboxed containers", async () => {
    await apply(dedicatedPlan({ network: { serviceCidr: givenServiceCidr } }));
  });

  it.each(cceAddons)("is accepted: a CCE cluster with %s", async (name) => {
    await api.request("DELETE", "/apis/storage.k8s.io/v1/storageclasses");
    const addons = [exampleAddon(name, { any_key: "任意" })];
    const labels = { 名: "值", "a b": "c d", fine: "fine" };
    await apply(
      tunnelPlan({
        network: { serviceCidr: givenServiceCidr },
        content: { addons, labels, annotations: labels },
      }),
    );
  });

  it("is accepted: Chinese user data, taints without a value, no add-ons", async () => {
    const pool = examplePool({ userData: "echo 你好", taints: [{ key: "a.b/c", effect: "NoExecute" }] });
    await apply(managedPlan({ content: { addons: [], pools: [pool] } }));
  });
});

describe("every add-on of the catalogue", () => {
  it("has somebody who makes its objects, and nothing else has", () => {
    const names = [...addonCatalogue.addons.map(({ name }) => name), ...cceAddons];
    expect([...addonBuilders.keys()].toSorted()).toEqual(names.toSorted());
  });

  it.each(addonCatalogue.addons.map(({ name, version }) => [name, version]))(
    "%s is accepted",
    async (name, version) => {
      // The classes of CSI and flexvolume have the same names, and what is in them cannot be changed.
      await api.request("DELETE", "/apis/storage.k8s.io/v1/storageclasses");
      const addon = { ...exampleAddon(name, { "any key": ["任意"] }), version };
      await apply(managedPlan({ content: { addons: [addon] } }));
    },
  );
});
