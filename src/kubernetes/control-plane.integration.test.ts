import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import tls from "node:tls";
import type { V1ConfigMap, V1Deployment, V1Endpoints, V1Node, V1PodList, V1Service } from "@kubernetes/client-node";
import { execa } from "execa";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../test/support/distribution.ts";
import { type ApiClient, createApiClient, KubernetesUnreachableError } from "./client.ts";
import type { ComponentName } from "./components/command.ts";
import { healthChecks } from "./components/health.ts";
import { apiServerUrl, type ControlPlane, type ControlPlaneMember, memberPorts } from "./control-plane.ts";
import type { Distribution } from "./distribution/distribution.ts";
import { buildKubeconfig } from "./kubeconfig.ts";
import { listeningAddresses } from "./testing/listening-addresses.ts";
import { type RunningControlPlane, startControlPlane, until } from "./testing/running-control-plane.ts";

const componentNames = Object.keys(healthChecks) as ComponentName[];
const issuer = "https://kubernetes.default.svc";
const audiences = [issuer, "sts.aliyuncs.com"];
const namespace = "/api/v1/namespaces/default";
/** What every API server of the cluster is called. */
const servedNames = [
  "kubernetes",
  "kubernetes.default.svc.example.internal",
  "localhost",
  "cs.aliyuncs.com",
  "anything.api.example.com",
  "172.21.0.1",
  "203.0.113.7",
];

const configMap: V1ConfigMap = { metadata: { name: "greeting" }, data: { text: "你好" } };

const deployment: V1Deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx" }] },
    },
  },
};

/** A control plane on loopback addresses of its own: a network a test, so that tests can run at the same time. */
function describeControlPlane(directory: string, network: string, count: number): ControlPlane {
  const members = Array.from({ length: count }, (_, index): ControlPlaneMember => {
    const address = `${network}.${11 + index}`;
    return {
      name: `member-${index + 1}`,
      address,
      apiServerAddress: count === 1 ? `${network}.3` : address,
      vpcAddress: `192.168.0.${11 + index}`,
      directory: join(directory, `member-${index + 1}`),
    };
  });
  return {
    id: "c0ffee",
    endpointAddress: `${network}.3`,
    publicAddress: `${network}.1`,
    members,
    network: {
      podCidr: "172.20.0.0/16",
      nodeCidrMask: 25,
      serviceCidr: "172.21.0.0/20",
      clusterDomain: "example.internal",
    },
    apiServer: {
      extraSans: ["cs.aliyuncs.com", "*.api.example.com", "203.0.113.7"],
      serviceAccountIssuer: issuer,
      apiAudiences: audiences,
    },
    timezone: "Asia/Shanghai",
  };
}

describe.each([
  { count: 1, network: "127.64.250" },
  { count: 3, network: "127.64.249" },
])("a control plane of $count members", ({ count, network }) => {
  let distribution: Distribution;
  let running: RunningControlPlane;
  let client: ApiClient;

  beforeAll(async () => {
    distribution = await installedDistribution();
    running = await startControlPlane(distribution, (directory) => describeControlPlane(directory, network, count));
    client = createApiClient(running.admin);
    await client.request("POST", `${namespace}/configmaps`, { body: configMap });
    await kubectl(["apply", "-f", "-"], JSON.stringify(deployment));
  });

  afterAll(async () => {
    await client?.close();
    await running?.stop();
  });

  async function kubectl(args: string[], input = ""): Promise<string> {
    const kubeconfig = join(running.directory, "admin.conf");
    const names = { cluster: "kubernetes", user: "kubernetes-admin" };
    await writeFile(kubeconfig, buildKubeconfig(running.admin, names), { mode: 0o600 });
    const env = { KUBECONFIG: kubeconfig, HOME: running.directory };
    return (await execa(distribution.executables.kubectl, args, { env, input })).stdout;
  }

  const members = () => running.controlPlane.members;
  const parts = () => members().flatMap((member) => componentNames.map((component) => ({ member, component })));

  it("is healthy in every part", async () => {
    for (const { member, component } of parts()) expect(await running.health(member, component)).toBe(200);
  });

  it("tells its metrics to nobody without a certificate, on any port of any part", async () => {
    const told = parts().map(async ({ member, component }) => {
      const { address, port } = healthChecks[component];
      const dispatcher = new Agent({ allowH2: false, connect: { rejectUnauthorized: false } });
      const url = (scheme: string) => `${scheme}://${member[address]}:${port}/metrics`;
      const ask = (scheme: string) =>
        request(url(scheme), { dispatcher }).then(
          ({ statusCode }) => statusCode,
          () => 0,
        );
      const statuses = await Promise.all([ask("http"), ask("https")]);
      await dispatcher.destroy();
      return statuses.filter((status) => status === 200).map(() => component);
    });
    expect((await Promise.all(told)).flat()).toEqual([]);
  });

  it("listens on its own addresses only", async () => {
    for (const { member, component } of parts()) {
      const allowed = [member.address, member.apiServerAddress];
      const addresses = await listeningAddresses(running.pid(member, component));
      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter((address) => !allowed.includes(address))).toEqual([]);
    }
  });

  it("shows kubectl what it was given", async () => {
    expect(await kubectl(["get", "configmap", "greeting", "-o", "jsonpath={.data.text}"])).toBe("你好");
    expect(await kubectl(["get", "deployment", "web", "-o", "name"])).toBe("deployment.apps/web");
    expect(await kubectl(["auth", "can-i", "*", "*", "--all-namespaces"])).toBe("yes");
  });

  it("has controllers that make a Deployment's pods", async () => {
    const query = { labelSelector: "app=web" };
    const pods = await until(async () => {
      const list = await client.request<V1PodList>("GET", `${namespace}/pods`, { query });
      return list.items.length === 2 ? list.items : undefined;
    });
    expect(pods.map((pod) => pod.spec?.serviceAccountName)).toEqual(["default", "default"]);
  });

  it("gives a node its share of the pod range, and the scheduler puts pods there", async () => {
    const status = {
      capacity: { cpu: "4", memory: "8Gi", pods: "110" },
      conditions: [{ type: "Ready", status: "True" }],
    };
    await client.request("POST", "/api/v1/nodes", { body: { metadata: { name: "worker" } } });
    await client.request("PATCH", "/api/v1/nodes/worker/status", { body: { status } });
    const node = await until(async () => {
      const found = await client.request<V1Node>("GET", "/api/v1/nodes/worker");
      return found.spec?.podCIDR === undefined ? undefined : found;
    });
    expect(node.spec?.podCIDR).toMatch(/^172\.20\.\d+\.(0|128)\/25$/);
    const query = { fieldSelector: "spec.nodeName=worker" };
    await until(async () => (await client.request<V1PodList>("GET", `${namespace}/pods`, { query })).items[1]);
  });

  it("has the service kubernetes at the range's first address, with the members' VPC addresses behind it", async () => {
    const service = await client.request<V1Service>("GET", `${namespace}/services/kubernetes`);
    expect(service.spec?.clusterIP).toBe("172.21.0.1");
    const expected = members().map(({ vpcAddress }) => vpcAddress);
    await until(async () => {
      const endpoints = await client.request<V1Endpoints>("GET", `${namespace}/endpoints/kubernetes`);
      const addresses = endpoints.subsets?.[0]?.addresses?.map(({ ip }) => ip);
      return addresses?.toSorted().join() === expected.join() || undefined;
    });
  });

  it("proves to be whatever its clients call it", async () => {
    for (const member of members()) {
      for (const name of [...servedNames, `${network}.1`, `${network}.3`, member.address, member.vpcAddress])
        await expect(handshake(member, running.secrets["ca.crt"], name)).resolves.toBe("trusted");
      await expect(handshake(member, running.secrets["ca.crt"], "example.com")).rejects.toThrow("does not match");
    }
  });

  it("issues service-account tokens in the issuer's name for the audiences", async () => {
    const path = `${namespace}/serviceaccounts/default/token`;
    const answer = await client.request<{ status: { token: string } }>("POST", path, { body: { spec: {} } });
    const claims = JSON.parse(Buffer.from(answer.status.token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ iss: issuer, aud: audiences });
  });

  it.each(["/api", "/livez", "/version"])("refuses %s to somebody without a certificate", async (path) => {
    const stranger = createApiClient({ ...running.admin, cert: "", key: "" });
    await expect(stranger.request("GET", path)).rejects.toMatchObject({ status: 401 });
    await stranger.close();
  });

  it("keeps its etcd from everybody without a certificate of etcd's authority", async () => {
    const [member] = members() as [ControlPlaneMember];
    const server = `https://${member.address}:${memberPorts.etcdClient}`;
    const intruder = createApiClient({ ...running.admin, server, ca: running.secrets["etcd-ca.crt"] });
    await expect(intruder.request("GET", "/version")).rejects.toThrow(KubernetesUnreachableError);
    await intruder.close();
  });

  it("runs in the cluster's time zone", async () => {
    for (const { member, component } of parts()) {
      const environment = await readFile(`/proc/${running.pid(member, component)}/environ`, "utf8");
      expect(environment.split("\0")).toContain("TZ=Asia/Shanghai");
    }
  });

  if (count > 1)
    it("takes writes when a member has died, and has lost none", async () => {
      const [first, second] = members() as [ControlPlaneMember, ControlPlaneMember];
      await running.kill(first);
      const survivor = createApiClient({ ...running.admin, server: apiServerUrl(second) });
      const body = { metadata: { name: "after" } };
      await until(() => survivor.request("POST", `${namespace}/configmaps`, { body }));
      const kept = await survivor.request<V1ConfigMap>("GET", `${namespace}/configmaps/greeting`);
      expect(kept.data).toEqual(configMap.data);
      await survivor.close();
    });
});

/** Connects as a client that takes the server for `name` and trusts `ca`. Rejects where the certificate is not good for it. */
async function handshake({ apiServerAddress }: ControlPlaneMember, ca: string, name: string): Promise<string> {
  const checkServerIdentity = (_: string, certificate: tls.PeerCertificate) =>
    tls.checkServerIdentity(name, certificate);
  const socket = tls.connect({ host: apiServerAddress, port: memberPorts.apiServer, ca, checkServerIdentity });
  try {
    await once(socket, "secureConnect");
    return socket.authorized ? "trusted" : "not trusted";
  } finally {
    socket.destroy();
  }
}
