import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type {
  V1Endpoints,
  V1Job,
  V1Lease,
  V1Node,
  V1NodeList,
  V1Pod,
  V1PodList,
  V1Service,
} from "@kubernetes/client-node";
import { execa } from "execa";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../test/support/distribution.ts";
import { eventually } from "../../test/support/eventually.ts";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import { ipv4Range, rangeContains } from "../cidr.ts";
import { type ApiClient, createApiClient } from "../kubernetes/client.ts";
import type { ControlPlane, ControlPlaneMember } from "../kubernetes/control-plane.ts";
import type { Distribution } from "../kubernetes/distribution/distribution.ts";
import { buildKubeconfig } from "../kubernetes/kubeconfig.ts";
import { issueCertificate } from "../kubernetes/pki/certificates.ts";
import { type RunningControlPlane, startControlPlane } from "../kubernetes/testing/running-control-plane.ts";
import { type NodeSimulator, startNodeSimulator } from "./index.ts";
import type { KubeletEndpoint } from "./simulated-node.ts";

const nodeNetwork = "127.64.251";
const kubeletAddress = `${nodeNetwork}.2`;
const namespace = "/api/v1/namespaces/default";
const names = ["worker-1", "worker-2", "worker-3"];
const log = pino({ level: "silent" });
const innerLoadBalancer = { annotation: "example.com/address-type", value: /^intranet$/ };
const nodes = [...names, "worker-4"].map((name, index) =>
  simulatedNode({ name, internalIp: `192.168.0.${55 + index}`, providerId: `cn-beijing.i-${index + 1}` }),
);
const firstNodes = nodes.slice(0, 3);

let distribution: Distribution;
let plane: RunningControlPlane;
let kubelet: KubeletEndpoint;
let api: ApiClient;
let simulator: NodeSimulator;

beforeAll(async () => {
  distribution = await installedDistribution();
  plane = await startControlPlane(distribution, describeControlPlane);
  const authority = { cert: plane.secrets["ca.crt"], key: plane.secrets["ca.key"] };
  const serving = { commonName: "kubelets", ipAddresses: [kubeletAddress], usages: ["server" as const] };
  const tls = { ...(await issueCertificate(authority, serving)), clientCa: authority.cert };
  kubelet = { address: kubeletAddress, port: 10250, tls };
  api = createApiClient(plane.admin);
  await writeFile(kubeconfig(), buildKubeconfig(plane.admin, { cluster: "test", user: "test" }), { mode: 0o600 });
  simulator = await startNodeSimulator({ access: plane.admin, kubelet, nodes: firstNodes, innerLoadBalancer, log });
  await eventually(() => api.request("GET", `${namespace}/serviceaccounts/default`));
});

afterAll(async () => {
  await simulator?.stop();
  await api?.close();
  await plane?.stop();
});

function describeControlPlane(directory: string): ControlPlane {
  const member: ControlPlaneMember = {
    name: "member-1",
    address: `${nodeNetwork}.11`,
    apiServerAddress: `${nodeNetwork}.1`,
    vpcAddress: "192.168.0.11",
    directory: join(directory, "member-1"),
  };
  return {
    id: "nodes",
    endpointAddress: `${nodeNetwork}.1`,
    members: [member],
    network: {
      podCidr: "10.16.0.0/16",
      nodeCidrMask: 25,
      serviceCidr: "172.21.0.0/20",
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

const kubeconfig = () => join(plane.directory, "test.conf");

function startKubectl(args: readonly string[]) {
  const env = { KUBECONFIG: kubeconfig(), HOME: plane.directory };
  return execa(distribution.executables.kubectl, args, { env, stdin: "ignore" });
}

async function kubectl(...args: string[]): Promise<string> {
  return (await startKubectl(args)).stdout;
}

const getNode = (name: string) => api.request<V1Node>("GET", `/api/v1/nodes/${name}`);
const getPod = (name: string) => api.request<V1Pod>("GET", `${namespace}/pods/${name}`);
const getService = (name: string) => api.request<V1Service>("GET", `${namespace}/services/${name}`);
const isPodReady = ({ status }: V1Pod) => status?.conditions?.some((c) => c.type === "Ready" && c.status === "True");

async function podsOf(app: string): Promise<V1Pod[]> {
  const query = { labelSelector: `app=${app}` };
  return (await api.request<V1PodList>("GET", `${namespace}/pods`, { query })).items;
}

/** A pod template's content: one container that would serve. */
const serving = (app: string) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: "web", image: "nginx:1.25" }] },
});
const workload = (app: string, extra: object) => ({
  metadata: { name: app },
  spec: { selector: { matchLabels: { app } }, template: serving(app), ...extra },
});

async function createDeployment(app: string, replicas: number) {
  const body = workload(app, { replicas });
  await api.request("POST", "/apis/apps/v1/namespaces/default/deployments", { body });
  await kubectl("rollout", "status", `deployment/${app}`, "--timeout=200s");
}

async function untilGone(name: string) {
  await eventually(async () => expect((await podsOf(name)).length).toBe(0));
}

describe("nodes", () => {
  it("are Ready, and look like their machines", async () => {
    await simulator.whenReady();
    const { items } = await api.request<V1NodeList>("GET", "/api/v1/nodes");
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(names);
    expect(items[1]).toMatchObject({
      metadata: { labels: { "kubernetes.io/hostname": "worker-2", "beta.kubernetes.io/os": "linux" } },
      spec: { providerID: "cn-beijing.i-2" },
      status: {
        capacity: { cpu: "4", memory: "8Gi", "ephemeral-storage": "120Gi", pods: "110" },
        allocatable: { cpu: "4", memory: "8Gi", "ephemeral-storage": "120Gi", pods: "110" },
        nodeInfo: { kubeletVersion: "v1.20.2", containerRuntimeVersion: "docker://19.3.5" },
      },
    });
  });

  it("lose the not-ready taint and get a range of pod addresses from the controller manager", async () => {
    await eventually(async () => {
      const { items } = await api.request<V1NodeList>("GET", "/api/v1/nodes");
      expect(items.flatMap(({ spec }) => spec?.taints ?? [])).toEqual([]);
      expect(new Set(items.map(({ spec }) => spec?.podCIDR ?? "none"))).toHaveProperty("size", 3);
      expect(items.map(({ spec }) => spec?.podCIDR)).not.toContain(undefined);
    });
  });

  it("hold a lease each, which goes with the Node object", async () => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    for (const name of names) {
      const lease = await eventually(() => api.request<V1Lease>("GET", `${leases}/${name}`));
      expect(lease.spec).toMatchObject({ holderIdentity: name, leaseDurationSeconds: 40 });
      expect(lease.metadata?.ownerReferences?.[0]?.uid).toBe((await getNode(name)).metadata?.uid);
    }
  });

  it("are left in peace while nothing changes", async () => {
    const written = ({ metadata }: V1Node) =>
      metadata?.managedFields?.filter(({ manager }) => manager === "sampan-node-simulator");
    const before = await getNode("worker-1");
    simulator.ensureNodes(firstNodes);
    await kubectl("label", "node", "worker-1", "marker=seen");
    const after = await getNode("worker-1");
    expect(written(after)).toEqual(written(before));
    expect(after.status).toEqual(before.status);
  });

  it("keep the labels and taints that users give them", async () => {
    await kubectl("taint", "node", "worker-3", "mine=yes:PreferNoSchedule");
    await kubectl("label", "node", "worker-3", "team=red");
    simulator.ensureNodes(firstNodes);
    await simulator.whenReady();
    const { metadata, spec } = await getNode("worker-3");
    expect(metadata?.labels).toMatchObject({ team: "red" });
    expect(spec?.taints).toMatchObject([{ key: "mine" }]);
    await kubectl("taint", "node", "worker-3", "mine-");
  });

  it("come Ready again at once when their status was overwritten", async () => {
    const status = { conditions: [{ type: "Ready", status: "Unknown", reason: "NodeStatusUnknown" }] };
    const contentType = "application/strategic-merge-patch+json";
    await api.request("PATCH", "/api/v1/nodes/worker-1/status", { body: { status }, contentType });
    await eventually(async () => {
      const ready = (await getNode("worker-1")).status?.conditions?.find(({ type }) => type === "Ready");
      expect(ready).toMatchObject({ status: "True", reason: "KubeletReady" });
    });
  });
});

describe("pods", () => {
  it("of a Deployment run with addresses of their nodes' ranges", async () => {
    await createDeployment("web", 6);
    const pods = await podsOf("web");
    expect(pods).toHaveLength(6);
    for (const { spec, status } of pods) {
      const range = ipv4Range((await getNode(spec?.nodeName ?? "")).spec?.podCIDR ?? "");
      expect(rangeContains(range, status?.podIP ?? "")).toBe(true);
      expect(status).toMatchObject({
        phase: "Running",
        hostIP: expect.stringMatching(/^192\.168\.0\.5[5-7]$/),
        containerStatuses: [{ ready: true, started: true, restartCount: 0, image: "nginx:1.25" }],
      });
    }
    expect(new Set(pods.map(({ status }) => status?.podIP)).size).toBe(6);
    expect(await kubectl("get", "pods", "-l", "app=web", "--no-headers")).toMatch(/ 1\/1 +Running +0 /);
  });

  it("stand behind a Service", async () => {
    const body = { metadata: { name: "web" }, spec: { selector: { app: "web" }, ports: [{ port: 80 }] } };
    await api.request("POST", `${namespace}/services`, { body });
    await eventually(async () => {
      const { subsets } = await api.request<V1Endpoints>("GET", `${namespace}/endpoints/web`);
      const addresses = subsets?.flatMap((subset) => subset.addresses?.map(({ ip }) => ip) ?? []) ?? [];
      expect(addresses.sort()).toEqual((await podsOf("web")).map(({ status }) => status?.podIP ?? "").sort());
    });
  });

  it("follow a new image and another scale", async () => {
    await kubectl("set", "image", "deployment/web", "web=nginx:1.26");
    await kubectl("scale", "deployment/web", "--replicas=3");
    await kubectl("rollout", "status", "deployment/web", "--timeout=200s");
    await eventually(async () => {
      const images = (await podsOf("web")).map(({ status }) => status?.containerStatuses?.[0]?.image);
      expect(images).toEqual(["nginx:1.26", "nginx:1.26", "nginx:1.26"]);
    });
  });

  it("of a DaemonSet run on every node, with the node's address in the host's network", async () => {
    const template = serving("agent");
    const body = workload("agent", { template: { ...template, spec: { ...template.spec, hostNetwork: true } } });
    await api.request("POST", "/apis/apps/v1/namespaces/default/daemonsets", { body });
    await kubectl("rollout", "status", "daemonset/agent", "--timeout=200s");
    const addresses = (await podsOf("agent")).map(({ spec, status }) => [spec?.nodeName, status?.podIP]);
    expect(addresses.sort()).toEqual(firstNodes.map(({ name, internalIp }) => [name, internalIp]));
  });

  it("of a StatefulSet come one after the other", async () => {
    const body = workload("db", { serviceName: "db", replicas: 2 });
    await api.request("POST", "/apis/apps/v1/namespaces/default/statefulsets", { body });
    await kubectl("rollout", "status", "statefulset/db", "--timeout=200s");
    const [first, second] = await Promise.all(["db-0", "db-1"].map(getPod));
    expect(Number(first?.metadata?.resourceVersion)).toBeLessThan(Number(second?.metadata?.resourceVersion));
  });

  it("of a Job complete, init containers first", async () => {
    const body = {
      metadata: { name: "sum" },
      spec: {
        completions: 2,
        template: {
          metadata: { labels: { app: "sum" } },
          spec: {
            restartPolicy: "Never",
            initContainers: [{ name: "setup", image: "busybox" }],
            containers: [{ name: "sum", image: "busybox", command: ["expr", "1", "+", "1"] }],
          },
        },
      },
    };
    await api.request("POST", "/apis/batch/v1/namespaces/default/jobs", { body });
    await kubectl("wait", "--for=condition=complete", "job/sum", "--timeout=200s");
    const job = await api.request<V1Job>("GET", "/apis/batch/v1/namespaces/default/jobs/sum");
    expect(job.status).toMatchObject({ succeeded: 2 });
    expect((await podsOf("sum"))[0]?.status).toMatchObject({
      phase: "Succeeded",
      initContainerStatuses: [{ name: "setup", ready: true, state: { terminated: { reason: "Completed" } } }],
      containerStatuses: [{ name: "sum", state: { terminated: { exitCode: 0, reason: "Completed" } } }],
    });
  });

  it("run where their nodeName says, without the scheduler, and wait for their readiness gates", async () => {
    const spec = {
      ...serving("gated").spec,
      nodeName: "worker-2",
      readinessGates: [{ conditionType: "example.com/lb" }],
    };
    const metadata = { name: "gated", labels: { app: "gated" } };
    await api.request("POST", `${namespace}/pods`, { body: { metadata, spec } });
    const waiting = await eventually(async () => {
      const pod = await getPod("gated");
      expect(pod.status?.phase).toBe("Running");
      return pod;
    });
    expect(isPodReady(waiting)).toBe(false);
    const status = { conditions: [{ type: "example.com/lb", status: "True" }] };
    const contentType = "application/strategic-merge-patch+json";
    await api.request("PATCH", `${namespace}/pods/gated/status`, { body: { status }, contentType });
    await eventually(async () => expect(isPodReady(await getPod("gated"))).toBe(true));
  });

  it("that are deleted go, but for those that a finalizer keeps", async () => {
    await kubectl("patch", "pod", "gated", "-p", '{"metadata":{"finalizers":["example.com/keep"]}}');
    await kubectl("delete", "pod", "gated", "--wait=false");
    await eventually(async () => expect((await getPod("gated")).metadata?.deletionGracePeriodSeconds).toBe(0));
    expect((await getPod("gated")).status?.containerStatuses?.[0]?.state).toHaveProperty("terminated");
    await kubectl("patch", "pod", "gated", "-p", '{"metadata":{"finalizers":null}}');
    await untilGone("gated");
  });

  it("leave a node that is drained", async () => {
    await kubectl("drain", "worker-1", "--ignore-daemonsets", "--timeout=200s");
    const { items } = await api.request<V1PodList>("GET", `${namespace}/pods`, {
      query: { fieldSelector: "spec.nodeName=worker-1,status.phase=Running" },
    });
    expect(items.map(({ metadata }) => metadata?.labels?.app)).toEqual(["agent"]);
    await kubectl("uncordon", "worker-1");
  });
});

describe("Services of type LoadBalancer", () => {
  const addressOf = async (name: string) => (await getService(name)).status?.loadBalancer?.ingress?.[0]?.ip;

  async function createLoadBalancer(name: string, annotations = {}, loadBalancerIP?: string) {
    const spec = { type: "LoadBalancer", selector: { app: "web" }, ports: [{ port: 80 }], loadBalancerIP };
    await api.request("POST", `${namespace}/services`, { body: { metadata: { name, annotations }, spec } });
    return eventually(async () => {
      const address = await addressOf(name);
      expect(address).toBeDefined();
      return address;
    });
  }

  it("get an external address, public, inner or the one they ask for, and keep it", async () => {
    const inner = { [innerLoadBalancer.annotation]: "intranet" };
    expect(await createLoadBalancer("shop")).toBe("198.19.0.1");
    expect(await createLoadBalancer("intern", inner)).toBe("100.127.0.1");
    expect(await createLoadBalancer("named", {}, "203.0.113.9")).toBe("203.0.113.9");
    await kubectl("label", "service", "shop", "team=red");
    expect(await createLoadBalancer("second")).toBe("198.19.0.2");
    expect(await addressOf("shop")).toBe("198.19.0.1");
    expect(await kubectl("get", "service", "shop", "--no-headers")).toMatch(/LoadBalancer +[\d.]+ +198\.19\.0\.1 /);
  });

  it("lose it with their type, and get one again", async () => {
    await kubectl("patch", "service", "shop", "-p", '{"spec":{"type":"ClusterIP"}}');
    await eventually(async () => expect((await getService("shop")).status?.loadBalancer).toEqual({}));
    expect(await createLoadBalancer("third")).toBe("198.19.0.1");
    await kubectl("patch", "service", "shop", "-p", '{"spec":{"type":"LoadBalancer"}}');
    await eventually(async () => expect(await addressOf("shop")).toBe("198.19.0.3"));
  });
});

describe("kubectl", () => {
  it("shows a container's log", async () => {
    await createDeployment("logged", 1);
    const output = await kubectl("logs", "deployment/logged", "--timestamps");
    expect(output.split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z This is a simulated container: /);
    expect(output).toContain("Image: nginx:1.25");
    expect(await kubectl("logs", "deployment/logged", "--tail=1")).toMatch(/^Started at [^\n]+$/);
  });

  it("follows the log until the pod is deleted", async () => {
    const following = startKubectl(["logs", "-f", "deployment/logged"]);
    const started = new Promise<void>((resolve) => following.stdout.once("data", () => resolve()));
    await Promise.race([started, following]);
    await kubectl("scale", "deployment/logged", "--replicas=0");
    expect((await following).stdout).toMatch(/Stopped with exit code 143 at [^\n]+$/);
    await untilGone("logged");
  });

  it.each(["exec", "attach", "port-forward"])("says that %s cannot be done", async (command) => {
    const args = { exec: ["db-0", "--", "ls"], attach: ["db-0"], "port-forward": ["db-0", ":80"] }[command] ?? [];
    await expect(kubectl(command, ...args)).rejects.toMatchObject({
      stderr: expect.stringContaining(`kubectl ${command} is not supported on a simulated node`),
    });
  });
});

describe("the simulator", () => {
  it("recovers by itself when the API server dies and comes back", async () => {
    await plane.restart(plane.controlPlane.members[0] as ControlPlaneMember, "kube-apiserver");
    await createDeployment("after-restart", 3);
    await simulator.whenReady();
    await kubectl("delete", "deployment", "after-restart");
    await untilGone("after-restart");
  });

  it("registers a node again that somebody deleted", async () => {
    const { metadata } = await getNode("worker-3");
    await kubectl("delete", "node", "worker-3");
    await eventually(async () => expect((await getNode("worker-3")).metadata?.uid).not.toBe(metadata?.uid));
    await simulator.whenReady(["worker-3"]);
  });

  it("removes a node for good, and adds it again when asked to", async () => {
    await simulator.removeNode("worker-3");
    await expect(getNode("worker-3")).rejects.toMatchObject({ status: 404 });
    await expect(simulator.whenReady(["worker-3"])).rejects.toThrow("worker-3 was never asked for");
    simulator.ensureNodes(firstNodes);
    await simulator.whenReady(["worker-3"]);
  });

  it("leaves nothing open when stopped, and takes up what it left when started again", async () => {
    const running = (await podsOf("web")).map(({ status }) => status?.podIP).sort();
    const { status: balanced } = await getService("shop");
    await simulator.stop();
    await expect(simulator.whenReady()).rejects.toThrow("The node simulator was stopped.");
    await api.close();
    // Sockets that were destroyed are gone one turn of the loop later.
    await eventually(() => {
      const open = process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Server/.test(name));
      expect(open).toEqual([]);
    });

    api = createApiClient(plane.admin);
    simulator = await startNodeSimulator({ access: plane.admin, kubelet, nodes, log });
    await simulator.whenReady();
    await createDeployment("later", 6);
    expect((await podsOf("web")).map(({ status }) => status?.podIP).sort()).toEqual(running);
    expect((await getService("shop")).status).toEqual(balanced);
    const { items } = await api.request<V1PodList>("GET", "/api/v1/pods");
    // What a pod had that has ended, another one may have.
    const alive = items.filter(
      ({ spec, status }) => !spec?.hostNetwork && !/Succeeded|Failed/.test(status?.phase ?? ""),
    );
    const addresses = alive.map(({ status }) => status?.podIP);
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});
