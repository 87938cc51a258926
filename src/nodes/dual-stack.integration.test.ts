import type { V1APIGroup, V1Node, V1Pod, V1PodList } from "@kubernetes/client-node";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../test/support/distribution.ts";
import { eventually } from "../../test/support/eventually.ts";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import { type ApiClient, createApiClient } from "../kubernetes/client.ts";
import { issueCertificate } from "../kubernetes/pki/certificates.ts";
import { loneControlPlane } from "../kubernetes/testing/lone-control-plane.ts";
import { type RunningControlPlane, startControlPlane } from "../kubernetes/testing/running-control-plane.ts";
import { type NodeSimulator, startNodeSimulator } from "./index.ts";

const nodeNetwork = "127.64.244";
const namespace = "/api/v1/namespaces/default";

interface SliceList {
  items: { addressType: string; endpoints?: { addresses: string[]; conditions?: { ready?: boolean } }[] }[];
}

describe("in a cluster of two address families", () => {
  let plane: RunningControlPlane;
  let api: ApiClient;
  let simulator: NodeSimulator;

  beforeAll(async () => {
    const ipv6 = { podCidr: "fd00:10::/56", serviceCidr: "fc00::/112" };
    plane = await startControlPlane(await installedDistribution(), (directory) =>
      loneControlPlane(directory, nodeNetwork, { network: { ipv6 } }),
    );
    const authority = { cert: plane.secrets["ca.crt"], key: plane.secrets["ca.key"] };
    const address = `${nodeNetwork}.2`;
    const serving = { commonName: "kubelets", ipAddresses: [address], usages: ["server" as const] };
    const tls = { ...(await issueCertificate(authority, serving)), clientCa: authority.cert };
    api = createApiClient(plane.admin);
    simulator = await startNodeSimulator({
      access: plane.admin,
      kubelet: { address, port: 10250, tls },
      nodes: [simulatedNode()],
      log: pino({ level: "silent" }),
    });
    await eventually(() => api.request("GET", `${namespace}/serviceaccounts/default`));
  });
  afterAll(async () => {
    await simulator?.stop();
    await api?.close();
    await plane?.stop();
  });

  /** By the version of the API that this Kubernetes has. */
  async function slicesPath(): Promise<string> {
    const { preferredVersion } = await api.request<V1APIGroup>("GET", "/apis/discovery.k8s.io");
    return `/apis/${preferredVersion?.groupVersion}/namespaces/default/endpointslices`;
  }

  async function createDeployment(): Promise<V1Pod[]> {
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } };
    const spec = { replicas: 2, selector: { matchLabels: { app: "web" } }, template };
    const body = { metadata: { name: "web" }, spec };
    await api.request("POST", "/apis/apps/v1/namespaces/default/deployments", { body });
    return eventually(async () => {
      const { items } = await api.request<V1PodList>("GET", `${namespace}/pods`, {
        query: { labelSelector: "app=web" },
      });
      expect(items.map(({ status }) => status?.phase)).toEqual(["Running", "Running"]);
      return items;
    });
  }

  it("pods have an address of each of their node's ranges, and a Service of both families has both as endpoints", async () => {
    const ports = [{ port: 80 }];
    const service = { selector: { app: "web" }, ports, ipFamilyPolicy: "RequireDualStack" };
    await api.request("POST", `${namespace}/services`, { body: { metadata: { name: "web" }, spec: service } });
    const pods = await createDeployment();
    const { spec } = await api.request<V1Node>("GET", "/api/v1/nodes/worker-1");
    const [, ipv6Range = ""] = spec?.podCIDRs ?? [];
    for (const { status } of pods) {
      expect(status?.podIPs).toEqual([
        { ip: status?.podIP },
        { ip: expect.stringContaining(ipv6Range.replace(/:*\/.*/, "")) },
      ]);
      expect(status?.podIP).toMatch(/^172\.20\./);
    }
    const family = (index: number) => pods.map(({ status }) => status?.podIPs?.[index]?.ip ?? "none").toSorted();
    await eventually(async () => {
      const { items } = await api.request<SliceList>("GET", await slicesPath(), {
        query: { labelSelector: "kubernetes.io/service-name=web" },
      });
      const addresses = items.map(({ addressType, endpoints = [] }) => [
        addressType,
        endpoints.flatMap((endpoint) => endpoint.addresses).toSorted(),
      ]);
      expect(Object.fromEntries(addresses)).toEqual({ IPv4: family(0), IPv6: family(1) });
    });
  });

  it("a pod fails at its active deadline, as its kubelet says", async () => {
    const spec = { activeDeadlineSeconds: 1, containers: [{ name: "web", image: "nginx" }] };
    await api.request("POST", `${namespace}/pods`, { body: { metadata: { name: "brief" }, spec } });
    const { status } = await eventually(async () => {
      const pod = await api.request<V1Pod>("GET", `${namespace}/pods/brief`);
      expect(pod.status?.phase).toBe("Failed");
      return pod;
    });
    expect(status).toMatchObject({
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
      containerStatuses: [{ ready: false, state: { terminated: { exitCode: 143 } } }],
    });
  });
});
