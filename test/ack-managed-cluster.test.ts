import { X509Certificate } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installedDistribution } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { type Kubectl, kubectlFor } from "./support/kubectl.ts";
import { allCommands, componentProcesses, controlPlane, environmentOf } from "./support/processes.ts";
import { sendRaw } from "./support/raw-client.ts";
import {
  type Accepted,
  type AckClient,
  allClusters,
  createCluster,
  deleteCluster,
  sampleBody,
  sdk,
  successOf,
  task,
} from "./support/sdk.ts";
import { claimsOf, startService, type TestService } from "./support/service.ts";
import { subjectNames } from "./support/tls.ts";

const stageNames = ["network", "distribution", "certificates", "etcd", "control-plane", "add-ons", "nodes"];
const nodeNames = ["aliyun.com00055k8s", "aliyun.com00056k8s", "aliyun.com00057k8s"];

let service: TestService;
let client: AckClient;
let cluster: Accepted;
let kubectl: Kubectl;
/** What `current_stage` of the creation was, one look after the other. */
const seenStages: string[] = [];

beforeAll(async () => {
  service = await startService();
  client = service.client;
  cluster = await createCluster(client, sampleBody());
  await eventually(async () => {
    const { state, currentStage } = await task(client, cluster.taskId);
    if (currentStage && seenStages.at(-1) !== currentStage) seenStages.push(currentStage);
    expect(["success", "fail"]).toContain(state);
  });
  await successOf(client, cluster);
  kubectl = await kubectlFor(client, cluster.clusterId, service.folder);
});

afterAll(() => service?.dispose());

describe("the API, after the documented sample was created", () => {
  test("the task went through its stages in order and shows each as a success", async () => {
    expect(seenStages).toEqual(stageNames.filter((stage) => seenStages.includes(stage)));
    expect(seenStages).toContain("control-plane");
    const { json } = await sendRaw(service, { path: `/tasks/${cluster.taskId}` });
    expect(json).toMatchObject({
      task_id: cluster.taskId,
      cluster_id: cluster.clusterId,
      task_type: "cluster_create",
      state: "success",
      current_stage: "",
      target: { id: cluster.clusterId, type: "cluster" },
      stages: stageNames.map((name) => ({
        name,
        state: "success",
        start_time: expect.stringMatching(/Z$/),
        end_time: expect.stringMatching(/Z$/),
        message: expect.stringMatching(/./),
      })),
      task_result: [{ data: cluster.clusterId, status: "success" }],
    });
    expect(json).not.toHaveProperty("error");
  });

  test("DescribeClusterDetail shows what was asked for, and what runs", async () => {
    const { body } = await client.describeClusterDetail(cluster.clusterId);
    const { version } = await installedDistribution();
    expect(body).toMatchObject({
      clusterId: cluster.clusterId,
      name: "ACK托管版",
      state: "running",
      clusterType: "ManagedKubernetes",
      profile: "Default",
      clusterSpec: "ack.pro.small",
      regionId: "cn-zhangjiakou",
      size: 3,
      initVersion: "1.18.8-aliyun.1",
      currentVersion: `${version}-aliyun.1`,
      deletionProtection: true,
      vpcId: "vpc-8vbh3b9a2f38urhls****",
      vswitchId: "vsw-8vbmoffowsztjaawj****",
      vswitchIds: ["vsw-8vbmoffowsztjaawj****"],
      securityGroupId: "sg-8vb7grbyvlb10j0i****",
      containerCidr: "172.20.0.0/16",
      subnetCidr: "172.20.0.0/16",
      serviceCidr: "172.21.0.0/20",
      nodeCidrMask: "26",
      proxyMode: "ipvs",
      clusterDomain: "cluster.local",
      timezone: "Asia/Shanghai",
      extraSans: ["cs.aliyuncs.com"],
      networkMode: "vpc",
    });
    expect(body?.tags?.map(({ key, value }) => [key, value])).toEqual([["tag-k", "tag-v"]]);
    expect(JSON.parse(body?.masterUrl ?? "")).toMatchObject({
      api_server_endpoint: expect.stringMatching(/^https:\/\/127\.\d+\.\d+\.1:6443$/),
    });
    expect(JSON.parse(body?.metaData ?? "")).toMatchObject({
      KubernetesVersion: `${version}-aliyun.1`,
      RunningKubernetesVersion: version,
      RequestedKubernetesVersion: "1.18.8-aliyun.1",
      ExtraCertSAN: ["cs.aliyuncs.com"],
    });
  });

  test("both lists have it, and filters find it or leave it out", async () => {
    const shown = { cluster_id: cluster.clusterId, name: "ACK托管版", state: "running" };
    const list = async (path: string, query = {}) => (await sendRaw(service, { path, query })).json;
    expect(await list("/api/v1/clusters")).toMatchObject({
      clusters: [shown],
      page_info: { page_number: 1, page_size: 10, total_count: 1 },
    });
    expect(await list("/clusters")).toMatchObject([shown]);
    expect((await client.describeClusters(new sdk.DescribeClustersRequest({ name: "托管" }))).body).toHaveLength(1);
    expect((await client.describeClusters(new sdk.DescribeClustersRequest({ name: "other" }))).body).toHaveLength(0);
    expect(await list("/api/v1/clusters", { cluster_id: cluster.clusterId })).toMatchObject({ clusters: [shown] });
    expect(await list("/api/v1/clusters", { region_id: "cn-hangzhou" })).toMatchObject({ clusters: [] });
  });

  test("DescribeClusterTasks lists the creation", async () => {
    const { body } = await client.describeClusterTasks(
      cluster.clusterId,
      new sdk.DescribeClusterTasksRequest({ pageNumber: 1, pageSize: 10 }),
    );
    expect(body?.pageInfo?.totalCount).toBe(1);
    expect(body?.tasks).toMatchObject([{ taskId: cluster.taskId, taskType: "cluster_create", state: "success" }]);
  });

  test("DescribeClusterNodes shows the instances, the documented ones first", async () => {
    const { body } = await client.describeClusterNodes(
      cluster.clusterId,
      new sdk.DescribeClusterNodesRequest({ pageNumber: "1", pageSize: "10" }),
    );
    expect(body?.page?.totalCount).toBe(3);
    expect(body?.nodes).toMatchObject(
      nodeNames.map((nodeName, index) => ({
        nodeName,
        nodeStatus: "Ready",
        state: "running",
        instanceRole: "Worker",
        instanceStatus: "Running",
        instanceType: "ecs.t6-c1m4.large",
        instanceTypeFamily: "ecs.t6-c1m4",
        instanceChargeType: "PrePaid",
        imageId: "CentOS-xxx",
        ipAddress: [`192.168.0.${55 + index}`],
      })),
    );
    const [first, second, third] = body?.nodes ?? [];
    expect([first?.instanceId, second?.instanceId]).toEqual(["i-dewgagxdfa****", "i-3kjaf9q43l****"]);
    expect(third?.instanceId).toMatch(/^i-[a-z0-9]{20}$/);
    const onSecondPage = await client.describeClusterNodes(
      cluster.clusterId,
      new sdk.DescribeClusterNodesRequest({ pageNumber: "2", pageSize: "2" }),
    );
    expect(onSecondPage.body?.nodes?.map(({ nodeName }) => nodeName)).toEqual(nodeNames.slice(2));
  });

  test("DescribeClusterLogs tells which version runs instead of the requested one, and that the cluster runs", async () => {
    const { body } = await client.describeClusterLogs(cluster.clusterId);
    const { version } = await installedDistribution();
    const lines = body?.map(({ clusterLog }) => clusterLog);
    expect(lines).toContainEqual(expect.stringContaining("VersionDiffers: Kubernetes 1.18.8 was asked for"));
    expect(lines).toContainEqual(expect.stringContaining(version));
    expect(lines).toContainEqual(expect.stringContaining("is running."));
    expect(body?.every(({ clusterId }) => clusterId === cluster.clusterId)).toBe(true);
  });

  test.each([
    ["DescribeClusterDetail", () => `/clusters/${cluster.clusterId}`, `<name>ACK托管版</name>`],
    ["DescribeClustersV1", () => "/api/v1/clusters", `<state>running</state>`],
    ["DescribeTaskInfo", () => `/tasks/${cluster.taskId}`, `<task_type>cluster_create</task_type>`],
  ])("%s answers in XML when asked", async (operation, path, part) => {
    const answer = await sendRaw(service, { path: path(), headers: { accept: "text/xml" } });
    expect(answer.headers["content-type"]).toBe("text/xml;charset=utf-8");
    expect(answer.text).toMatch(
      new RegExp(`^(<\\?xml[^>]*>\\s*)?<${operation}Response>.*</${operation}Response>\\s*$`, "s"),
    );
    expect(answer.text).toContain(part);
  });

  test("a temporary kubeconfig's certificate ends when it was asked to", async () => {
    const before = Date.now();
    const { body } = await client.describeClusterUserKubeconfig(
      cluster.clusterId,
      new sdk.DescribeClusterUserKubeconfigRequest({ temporaryDurationMinutes: 30 }),
    );
    const after = Date.now();
    const [, data = ""] = /client-certificate-data: (\S+)/.exec(body?.config ?? "") ?? [];
    const { validToDate } = new X509Certificate(Buffer.from(data, "base64"));
    // A certificate counts whole seconds.
    expect(validToDate.getTime()).toBeGreaterThanOrEqual(before + 30 * 60_000 - 1000);
    expect(validToDate.getTime()).toBeLessThanOrEqual(after + 30 * 60_000 + 1000);
    expect(new Date(body?.expiration ?? "")).toEqual(validToDate);
  });
});

interface NodeObject {
  metadata: { name: string; labels: Record<string, string> };
  spec: { podCIDR: string; providerID: string; taints: object[] };
  status: {
    capacity: Record<string, string>;
    conditions: { type: string; status: string }[];
    nodeInfo: Record<string, string>;
    addresses: { type: string; address: string }[];
  };
}

/** The nodes, once the controller manager has taken its own taint from them and given each a Pod range. */
function settledNodes(): Promise<NodeObject[]> {
  return eventually(async () => {
    const { items } = await kubectl.json<{ items: NodeObject[] }>(["get", "nodes"]);
    for (const { spec } of items)
      expect(spec).toMatchObject({ podCIDR: expect.any(String), taints: [{ key: "1", value: "1" }] });
    return items;
  });
}

describe("the cluster itself", () => {
  test("its nodes are Ready and are what the request asked for", async () => {
    const items = await settledNodes();
    const { version } = await installedDistribution();
    expect(items.map(({ metadata }) => metadata.name)).toEqual(nodeNames);
    expect(await kubectl.run(["get", "nodes", "--no-headers"])).toMatch(/^(aliyun\.com\d{5}k8s +Ready .*\n?){3}$/);
    for (const [index, { metadata, spec, status }] of items.entries()) {
      expect(metadata.labels).toMatchObject({
        "tag-k": "tag-v",
        "node.kubernetes.io/instance-type": "ecs.t6-c1m4.large",
        "topology.kubernetes.io/region": "cn-zhangjiakou",
      });
      expect(spec.taints).toEqual([{ key: "1", value: "1", effect: "NoSchedule" }]);
      expect(status.conditions).toContainEqual(expect.objectContaining({ type: "Ready", status: "True" }));
      expect(status.capacity).toMatchObject({ cpu: "2", memory: "8Gi", "ephemeral-storage": "120Gi" });
      expect(status.nodeInfo).toMatchObject({
        containerRuntimeVersion: "docker://19.03.5",
        kubeletVersion: `v${version}`,
        osImage: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle), image CentOS-xxx",
        operatingSystem: "linux",
      });
      expect(status.addresses).toContainEqual({ type: "InternalIP", address: `192.168.0.${55 + index}` });
    }
    expect(items.slice(0, 2).map(({ spec }) => spec.providerID)).toEqual([
      "cn-zhangjiakou.i-dewgagxdfa****",
      "cn-zhangjiakou.i-3kjaf9q43l****",
    ]);
  });

  test("each node has a share of the Pod range, a /26 of 172.20.0.0/16", async () => {
    const ranges = (await settledNodes()).map(({ spec }) => spec.podCIDR);
    expect(new Set(ranges).size).toBe(3);
    for (const range of ranges) expect(range).toMatch(/^172\.20\.\d+\.(0|64|128|192)\/26$/);
  });

  test("the Service range, the certificate's names and the time zone reached the components", async () => {
    expect(await kubectl.run(["get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}"])).toBe("172.21.0.1");
    expect(await subjectNames(await apiServerOf(cluster.clusterId))).toEqual(
      expect.arrayContaining([
        "DNS:cs.aliyuncs.com",
        "DNS:kubernetes.default.svc.cluster.local",
        "IP Address:172.21.0.1",
      ]),
    );
    const running = componentProcesses(service.home);
    expect(running.map(({ component }) => component)).toEqual(controlPlane);
    for (const { pid } of running) expect(environmentOf(pid)).toContain("TZ=Asia/Shanghai");
  });

  test("service-account tokens have the requested issuer and audience, and are accepted", async () => {
    const tokenPath = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const tokenRequest = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} };
    // The controller manager makes the default service account a moment after its own start.
    const answer = await eventually(() =>
      kubectl.run(["create", "--raw", tokenPath, "-f", "-"], JSON.stringify(tokenRequest)),
    );
    const { token } = JSON.parse(answer).status as { token: string };
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ iss: "kubernetes.default.svc", aud: ["kubernetes.default.svc"] });

    const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } };
    const reviewed = await kubectl.run(
      ["create", "--raw", "/apis/authentication.k8s.io/v1/tokenreviews", "-f", "-"],
      JSON.stringify(review),
    );
    expect(JSON.parse(reviewed).status).toMatchObject({
      authenticated: true,
      user: { username: "system:serviceaccount:default:default" },
    });
  });

  test("a Deployment's pods run with addresses of their nodes' ranges, a Service has them, and they log", async () => {
    await kubectl.run(["apply", "-f", new URL("../examples/deployment.yaml", import.meta.url).pathname]);
    await kubectl.run(["expose", "deployment", "web", "--port=80"]);
    await kubectl.run(["rollout", "status", "deployment/web", "--timeout=180s"]);
    const { items: pods } = await kubectl.json<{ items: { status: { phase: string; podIP: string } }[] }>([
      "get",
      "pods",
      "-l",
      "app=web",
    ]);
    expect(pods.map(({ status }) => status.phase)).toEqual(["Running", "Running", "Running"]);
    for (const { status } of pods) expect(status.podIP).toMatch(/^172\.20\./);
    const addresses = await eventually(async () => {
      const found = await kubectl.run(["get", "endpoints", "web", "-o", "jsonpath={.subsets[*].addresses[*].ip}"]);
      expect(found.split(" ")).toHaveLength(3);
      return found.split(" ");
    });
    expect(addresses.toSorted()).toEqual(pods.map(({ status }) => status.podIP).toSorted());
    expect(await kubectl.run(["logs", "deployment/web"])).not.toBe("");
  });

  test("a Job completes, a DaemonSet has a pod on every node, and deletions finish", async () => {
    await kubectl.run(["apply", "-f", "-"], JSON.stringify(job));
    await kubectl.run(["wait", "--for=condition=complete", "job/once", "--timeout=180s"]);
    await kubectl.run(["apply", "-f", "-"], JSON.stringify(daemonSet));
    await kubectl.run(["rollout", "status", "daemonset/everywhere", "--timeout=180s"]);
    const nodes = "jsonpath={.items[*].spec.nodeName}";
    const placed = await kubectl.run(["get", "pods", "-l", "app=everywhere", "-o", nodes]);
    expect(placed.split(" ").toSorted()).toEqual(nodeNames);

    await kubectl.run(["delete", "daemonset/everywhere", "job/once", "--timeout=180s"]);
    await eventually(async () => {
      expect(await kubectl.run(["get", "pods", "-l", "app=everywhere", "-o", "name"])).toBe("");
    });
  });
});

const podTemplate = (app: string, further: object) => ({
  metadata: { labels: { app } },
  spec: {
    tolerations: [{ operator: "Exists" }],
    containers: [{ name: "main", image: "busybox:1.36" }],
    ...further,
  },
});

const job = {
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "once" },
  spec: { template: podTemplate("once", { restartPolicy: "Never" }) },
};

const daemonSet = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "everywhere" },
  spec: { selector: { matchLabels: { app: "everywhere" } }, template: podTemplate("everywhere", {}) },
};

describe("secrets", () => {
  const password = "Hello1234";

  test("the login password is in no answer, no log, no file and no command line", async () => {
    const paths = [
      `/clusters/${cluster.clusterId}`,
      `/clusters/${cluster.clusterId}/logs`,
      `/clusters/${cluster.clusterId}/nodes`,
      `/clusters/${cluster.clusterId}/tasks`,
      `/tasks/${cluster.taskId}`,
      "/api/v1/clusters",
      "/clusters",
    ];
    for (const path of paths) {
      const { status, text } = await sendRaw(service, { path });
      expect([status, text.includes(password)], path).toEqual([200, false]);
    }
    expect(service.output()).not.toContain(password);
    expect(allCommands().filter((command) => command.includes(password))).toEqual([]);
    const files = await filesBelow(service.home);
    expect(files.length).toBeGreaterThan(100);
    expect(files.filter(({ content }) => content.includes(password))).toEqual([]);
  });

  test("files with keys are for their owner alone, and so are the folders", async () => {
    const files = await filesBelow(service.home);
    const secret = files.filter(
      ({ path, content }) =>
        content.includes("PRIVATE KEY-----") || /(credentials\.json|secret\.key|clusters\/.*\.conf)$/.test(path),
    );
    expect(secret.map(({ path }) => path)).toEqual(expect.arrayContaining([join(service.home, "secret.key")]));
    expect(secret.length).toBeGreaterThan(10);
    expect(secret.filter(({ mode }) => mode !== 0o600).map(({ path }) => path)).toEqual([]);
    const folders = [...new Set(secret.map(({ path }) => dirname(path))), join(service.home, "clusters"), service.home];
    const modes = await Promise.all(folders.map(async (path) => [path, (await lstat(path)).mode & 0o777] as const));
    expect(modes.filter(([, mode]) => mode !== 0o700)).toEqual([]);
  });
});

describe("the end", () => {
  test("DeleteCluster is refused while the cluster is protected, and the cluster goes on", async () => {
    await expect(deleteCluster(client, cluster.clusterId)).rejects.toMatchObject({
      code: "ErrorDeletionProtection",
      statusCode: 400,
    });
    expect((await client.describeClusterDetail(cluster.clusterId)).body?.state).toBe("running");
    expect(await kubectl.run(["get", "nodes", "--no-headers"])).toContain(" Ready ");
  });

  test("once ModifyCluster has switched the protection off, DeleteCluster removes everything", async () => {
    const modified = await client.modifyCluster(
      cluster.clusterId,
      new sdk.ModifyClusterRequest({ deletionProtection: false }),
    );
    await successOf(client, { taskId: modified.body?.taskId ?? "" });
    expect((await client.describeClusterDetail(cluster.clusterId)).body?.deletionProtection).toBe(false);

    const deletion = await deleteCluster(client, cluster.clusterId);
    expect(await successOf(client, deletion)).toMatchObject({ taskType: "cluster_delete" });
    await expect(client.describeClusterDetail(cluster.clusterId)).rejects.toMatchObject({
      code: "ErrorClusterNotFound",
      statusCode: 404,
    });
    expect(await allClusters(client)).toEqual([]);
    expect(componentProcesses(service.home)).toEqual([]);
    expect(await readdir(join(service.home, "clusters"))).toEqual([]);
    expect(await claimsOf(service.home)).toEqual([]);
    // What became of it is still told afterwards.
    expect(await task(client, cluster.taskId)).toMatchObject({ state: "success" });
    expect(await task(client, deletion.taskId)).toMatchObject({ state: "success" });
  });
});

/** Host and port of the API server, as the API tells them. */
async function apiServerOf(clusterId: string): Promise<URL> {
  const { body } = await client.describeClusterDetail(clusterId);
  return new URL(JSON.parse(body?.masterUrl ?? "").api_server_endpoint);
}

interface FoundFile {
  path: string;
  mode: number;
  content: Buffer;
}

async function filesBelow(folder: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = async (path: string): Promise<FoundFile[]> => {
    try {
      return [{ path, mode: (await lstat(path)).mode & 0o777, content: await readFile(path) }];
    } catch {
      // Living databases remove files.
      return [];
    }
  };
  return (await Promise.all(files.map(read))).flat();
}
