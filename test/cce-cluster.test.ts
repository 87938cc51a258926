import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseIpv4Range, rangeContains } from "../src/cidr.ts";
import { clustersOf, newToken, type RawCceRequest, sendCce } from "./support/cce-raw.ts";
import {
  acceptedOf,
  type CceAccepted,
  type CceClient,
  cce,
  cceSample,
  clusterCertificate,
  createCceClient,
  createCceCluster,
  createRegionalCceClient,
  deleteCceCluster,
  sdkRefusal,
  showCceCluster,
  showCceJob,
  successOfJob,
} from "./support/cce-sdk.ts";
import { type CceView, cceViewOf } from "./support/cce-view.ts";
import { viewOf } from "./support/cluster-view.ts";
import { installedDistribution } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { kubectlPause } from "./support/kubectl.ts";
import { componentProcesses } from "./support/processes.ts";
import { startService, type TestService } from "./support/service.ts";

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As Go prints a time: `2018-08-02 03:48:58.968214406 +0000 UTC`. */
const timestamp = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})? \+0000 UTC$/;
const nobody = "00000000-0000-0000-0000-000000000000";

/** The steps of a creation that the documents name are `CreatePSMCert` and `InstallMaster`. */
const steps = ["CreateNetwork", "PrepareMaster", "CreatePSMCert", "InstallEtcd", "InstallMaster", "InstallAddons"];

/** One of the samples: what was answered to its creation, and what runs. */
interface Sample {
  answer: Record<string, unknown>;
  ids: CceAccepted;
  view: CceView;
}

let service: TestService;
let client: CceClient;
let token: string;
/** Made through the SDK. */
let virtual: Sample;
/** Made by plain HTTP, with a token. */
let bare: Sample;
/** What `status.phase` of the SDK's job and cluster was, one look after the other. */
const seen = { job: [] as string[], cluster: [] as string[] };

beforeAll(async () => {
  service = await startService();
  client = createCceClient(service);
  token = await newToken(service);
  const answers = [
    { ...(await createCceCluster(client, cceSample("virtual-machine"))) },
    (await send({ method: "POST", path: clusters(), body: JSON.stringify(cceSample("bare-metal")) })).json ?? {},
  ] as const;
  await watch(acceptedOf(answers[0]));
  [virtual, bare] = await Promise.all([sampleOf(answers[0]), sampleOf(answers[1])]);
});

afterAll(() => service?.dispose());

const clusters = () => clustersOf(service.credentials.projectId);
const send = (request: RawCceRequest) => sendCce(service, { token, ...request });

/** Notes down the phases until the job has ended. */
async function watch({ uid, jobId }: CceAccepted): Promise<void> {
  const note = (phases: string[], phase = "") => void (phases.at(-1) !== phase && phases.push(phase));
  await eventually(async () => {
    const [job, cluster] = [await showCceJob(client, jobId), await showCceCluster(client, uid)];
    note(seen.job, job.status?.phase);
    note(seen.cluster, cluster.status?.phase);
    expect(["Success", "Failed"]).toContain(job.status?.phase);
  });
  note(seen.cluster, (await showCceCluster(client, uid)).status?.phase);
}

async function sampleOf(answer: Record<string, unknown>): Promise<Sample> {
  const ids = acceptedOf(answer);
  await successOfJob(client, ids.jobId);
  return { answer, ids, view: await cceViewOf(service, client, ids.uid) };
}

describe("CreateCluster with a documented sample", () => {
  const asAnswered = (name: "virtual-machine" | "bare-metal") => {
    const sample = cceSample(name);
    return {
      kind: "Cluster",
      apiVersion: "v3",
      metadata: {
        ...sample.metadata,
        uid: expect.stringMatching(uuid),
        creationTimestamp: expect.stringMatching(timestamp),
        updateTimestamp: expect.stringMatching(timestamp),
      },
      spec: {
        ...sample.spec,
        authentication: { mode: "x509", authenticatingProxy: {} },
        // Clients look into both.
        eniNetwork: {},
        serviceNetwork: { IPv4CIDR: "10.247.0.0/16" },
      },
      status: { phase: "Creating", jobID: expect.stringMatching(uuid) },
    };
  };

  test("answers 201 with the object as it was sent, through the SDK", () => {
    expect(virtual.answer).toMatchObject({ httpStatusCode: 201, ...asAnswered("virtual-machine") });
    expect(virtual.ids.uid).not.toBe(virtual.ids.jobId);
  });

  test("answers with the object as it was sent by plain HTTP with a token", () => {
    expect(bare.answer).toMatchObject(asAnswered("bare-metal"));
    expect(new Set([bare.ids.uid, bare.ids.jobId, virtual.ids.uid, virtual.ids.jobId]).size).toBe(4);
  });

  test("is followed by phases that clients wait for", () => {
    const inOrder = (phases: readonly string[], found: readonly string[]) =>
      expect(found).toEqual(phases.filter((phase) => found.includes(phase)));
    inOrder(["Initializing", "Running", "Success"], seen.job);
    inOrder(["Creating", "Available"], seen.cluster);
    expect([seen.job.at(-1), seen.cluster.at(-1)]).toEqual(["Success", "Available"]);
  });
});

describe("the job of a creation", () => {
  test("names its cluster, and has a sub-job for each step", async () => {
    for (const { ids } of [virtual, bare]) {
      const job = await showCceJob(client, ids.jobId);
      expect(job).toMatchObject({
        httpStatusCode: 200,
        kind: "Job",
        apiVersion: "v3",
        metadata: { uid: ids.jobId, creationTimestamp: expect.stringMatching(timestamp) },
        spec: { type: "CreateCluster", clusterUID: ids.uid, resourceID: ids.uid },
        status: { phase: "Success", reason: "" },
      });
      expect(job.spec?.subJobs?.map(({ spec }) => spec?.type)).toEqual(expect.arrayContaining(steps));
    }
  });

  test("has sub-jobs that are fetched by their own ids", async () => {
    const { spec } = await showCceJob(client, virtual.ids.jobId);
    for (const { metadata, spec: step } of spec?.subJobs ?? [])
      expect(await showCceJob(client, metadata?.uid ?? "")).toMatchObject({
        metadata: { uid: metadata?.uid },
        spec: { type: step?.type, clusterUID: virtual.ids.uid, ownerJob: virtual.ids.jobId },
        status: { phase: "Success" },
      });
  });
});

describe("an available cluster", () => {
  test("is shown with its endpoint, and with the version that it runs in place of the one that is not to be had", async () => {
    const { version } = await installedDistribution();
    for (const { ids } of [virtual, bare])
      expect(await showCceCluster(client, ids.uid)).toMatchObject({
        httpStatusCode: 200,
        metadata: { uid: ids.uid },
        spec: { version: "v1.7.3-r13" },
        status: {
          phase: "Available",
          message: expect.stringContaining(version),
          endpoints: [{ type: "Internal", url: expect.stringMatching(/^https:\/\/127\.\d+\.\d+\.\d+:6443$/) }],
        },
      });
    expect(JSON.parse(await virtual.view.kubectl.run(["get", "--raw", "/version"])).gitVersion).toBe(`v${version}`);
  });

  test("is in the list, and filters find it or leave it out", async () => {
    const list = async (filter: object = {}) => {
      const { items } = await client.listClusters(Object.assign(new cce.ListClustersRequest(), filter));
      return items?.map(({ metadata }) => metadata.name).toSorted();
    };
    expect(await list()).toEqual(["mycluster", "mycluster-baremetal"]);
    expect(await list({ type: "BareMetal" })).toEqual(["mycluster-baremetal"]);
    expect(await list({ version: "v1.7", status: "Available" })).toHaveLength(2);
    expect(await list({ version: "v1.9" })).toEqual([]);
    expect(await list({ status: "Creating" })).toEqual([]);
  });

  test("is found by a client that was told a region alone", async () => {
    const { region } = service.credentials;
    const { items } = await createRegionalCceClient(service, region).listClusters(new cce.ListClustersRequest());
    expect(items).toHaveLength(2);
    const elsewhere = createRegionalCceClient(service, "cn-east-3");
    expect((await elsewhere.listClusters(new cce.ListClustersRequest())).items).toEqual([]);
  });

  test("counts against the quota", async () => {
    const { quotas } = await client.showQuotas(new cce.ShowQuotasRequest());
    expect(quotas).toContainEqual(expect.objectContaining({ quotaKey: "cluster", used: 2 }));
  });
});

describe("the certificate of a cluster", () => {
  test("is a kubeconfig with the inner endpoint alone, where there is no public one", async () => {
    const certificate = await clusterCertificate(client, virtual.ids.uid);
    const { status, spec } = await showCceCluster(client, virtual.ids.uid);
    const [endpoint] = status?.endpoints ?? [];
    const { data } = (spec as { certificateAuthority?: { data: string } }).certificateAuthority ?? {};
    expect(certificate).toMatchObject({
      httpStatusCode: 200,
      kind: "Config",
      apiVersion: "v1",
      clusters: [
        { name: "internalCluster", cluster: { server: endpoint?.url, "certificate-authority-data": data ?? "none" } },
      ],
      users: [{ name: "user" }],
      contexts: [{ name: "internal", context: { cluster: "internalCluster", user: "user" } }],
      "current-context": "internal",
      "Port-ID": "6443",
    });
  });

  test.each([
    ["the days that were asked for", { duration: 30 }, 30],
    ["five years where the longest was", { duration: -1 }, 1827],
    ["five years where nothing was", {}, 1827],
  ])("is good for %s", async (_what, body, days) => {
    const [user] = (await clusterCertificate(client, virtual.ids.uid, body)).users ?? [];
    const { "client-certificate-data": data = "" } = { ...user?.user } as Record<string, string>;
    const left = new X509Certificate(Buffer.from(data, "base64")).validToDate.getTime() - Date.now();
    expect(left / 86_400_000).toBeCloseTo(days, 1);
  });

  test("lets kubectl write and read", async () => {
    const writeAndRead = async ({ view: { kubectl } }: Sample) => {
      await kubectl.run(["create", "configmap", "written", "--from-literal=key=value"]);
      expect(await kubectl.run(["get", "configmap", "written", "-o", "jsonpath={.data.key}"])).toBe("value");
      await kubectl.run(["create", "deployment", "web", "--image=nginx", "--replicas=2"]);
      // The controllers work, and there are no nodes to run pods on: CCE's CreateCluster makes none.
      const phases = ["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].status.phase}"];
      await eventually(async () => expect(await kubectl.run(phases)).toBe("Pending Pending"), kubectlPause);
      expect(await kubectl.run(["get", "nodes", "-o", "name"])).toBe("");
    };
    await Promise.all([virtual, bare].map(writeAndRead));
  });
});

describe("the cluster itself", () => {
  test("has its control plane in the subnet, and its Services in the usual range", async () => {
    const [subnet] = await (await viewOf(service, `c${virtual.view.id}`)).resources("ECS::VSwitch");
    expect(subnet).toMatchObject({ id: "a235a126-1cde-4766-b67d-a2bb3123c5ef" });
    const { kubectl } = virtual.view;
    const address = await kubectl.run([
      "get",
      "endpoints",
      "kubernetes",
      "-o",
      "jsonpath={.subsets[*].addresses[*].ip}",
    ]);
    const range = parseIpv4Range(String(subnet?.properties.CidrBlock));
    expect(range && rangeContains(range, address), `${address} in ${subnet?.properties.CidrBlock}`).toBe(true);
    expect(await kubectl.run(["get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}"])).toBe("10.247.0.1");
  });

  test("says what it is, with the labels and annotations that it was given", async () => {
    const { metadata, data } = await virtual.view.kubectl.json<{
      metadata: { labels: object; annotations: object };
      data: object;
    }>(["-n", "kube-system", "get", "configmap", "cluster-info"]);
    expect(metadata).toMatchObject({ labels: { foo: "bar" }, annotations: { foo2: "bar2" } });
    expect(data).toMatchObject({
      clusterId: virtual.ids.uid,
      name: "mycluster",
      description: "this is a demo cluster",
      vpcId: "0d1e5edf-5f58-4394-bb07-5c0dd4f3a0d5",
      subnets: "a235a126-1cde-4766-b67d-a2bb3123c5ef",
      requestedVersion: "v1.7.3-r13",
      podCidr: "172.16.0.0/16",
      workerKind: "virtual-machine",
      nodeLimit: "50",
    });
    expect(await bare.view.configMap("cluster-info")).toMatchObject({ workerKind: "bare-metal", nodeLimit: "10" });
  });

  test("has the container network that was asked for, and no other one", async () => {
    const networks = async ({ view }: Sample) =>
      (await view.names("daemonsets,configmaps")).filter((name) => name.includes("container-network")).toSorted();
    const named = (name: string) => [`ConfigMap/container-network-${name}`, `DaemonSet/container-network-${name}`];
    expect(await networks(virtual)).toEqual(named("overlay-l2"));
    expect(await networks(bare)).toEqual(named("underlay-ipvlan"));
    expect(await bare.view.configMap("container-network-underlay-ipvlan")).toMatchObject({
      mode: "underlay_ipvlan",
      podCidrs: "10.1.0.0/16",
      highwaySubnet: "a95d96e3-1f13-442a-8f06-f9cb4211eaa4",
    });
  });

  test("has no log agent", async () => {
    expect((await virtual.view.names("daemonsets,deployments,pods")).filter((name) => /icagent/i.test(name))).toEqual(
      [],
    );
  });
});

describe("refusals", () => {
  test("reach users of the SDK with code, message and request id", async () => {
    const message = expect.stringContaining(nobody);
    await expect(showCceCluster(client, nobody)).rejects.toEqual(sdkRefusal(404, "CCE_CM.0003", message));
    await expect(showCceJob(client, nobody)).rejects.toEqual(sdkRefusal(404, "CCE_CM.0003", message));
    const unusable = { ...cceSample("bare-metal"), spec: { type: "BareMetal" } };
    await expect(createCceCluster(client, unusable)).rejects.toEqual(
      sdkRefusal(
        400,
        "CCE_CM.0004",
        expect.stringMatching(/spec\.flavor .*spec\.hostNetwork .*spec\.containerNetwork/s),
      ),
    );
    const stranger = { ...service.credentials, accessKeySecret: "wrong" };
    await expect(
      createCceClient({ url: service.url, credentials: stranger }).listClusters(new cce.ListClustersRequest()),
    ).rejects.toEqual(sdkRefusal(401, "APIGW.0301", expect.stringContaining("verify aksk signature fail")));
  });

  test("and everything else are written down without the password, the secret key and tokens", () => {
    const { userPassword, accessKeySecret } = service.credentials;
    expect([userPassword, accessKeySecret, token].filter((secret) => service.output().includes(secret))).toEqual([]);
  });
});

describe("DeleteCluster", () => {
  const gone = (uid: string) =>
    eventually(() => expect(showCceCluster(client, uid)).rejects.toEqual(sdkRefusal(404, "CCE_CM.0003")));

  test("answers with the cluster and a job, and ends in 404; the jobs stay", async () => {
    const { uid, jobId } = virtual.ids;
    const answer = await deleteCceCluster(client, uid);
    expect(answer).toMatchObject({ httpStatusCode: 200, metadata: { uid }, status: { phase: "Deleting" } });
    const deletion = acceptedOf(answer).jobId;
    expect(deletion).toMatch(uuid);
    expect(await successOfJob(client, deletion)).toMatchObject({ spec: { type: "DeleteCluster", clusterUID: uid } });
    await gone(uid);
    expect(await showCceJob(client, jobId)).toMatchObject({
      spec: { type: "CreateCluster" },
      status: { phase: "Success" },
    });
    expect(componentProcesses(service.home).filter(({ cluster }) => cluster === virtual.view.id)).toEqual([]);
    expect(await bare.view.kubectl.run(["get", "--raw", "/readyz"])).toBe("ok");
  });

  test("takes the documents' options, and repeats what each comes to", async () => {
    const { uid } = bare.ids;
    const query = { delete_evs: "true", delete_net: "try", delete_obs: "false" };
    const checked = await send({
      method: "DELETE",
      path: `${clusters()}/${uid}`,
      query: { ...query, tobedeleted: "true" },
    });
    expect(checked.json).toMatchObject({ status: { phase: "Available" } });
    const { status, json } = await send({ method: "DELETE", path: `${clusters()}/${uid}`, query });
    expect([status, json]).toMatchObject([
      200,
      {
        status: {
          phase: "Deleting",
          deleteOption: expect.arrayContaining([
            { delete_evs: "block" },
            { delete_net: "try" },
            { delete_obs: "skip" },
          ]),
        },
      },
    ]);
    await gone(uid);
    expect((await client.listClusters(new cce.ListClustersRequest())).items).toEqual([]);
  });
});
