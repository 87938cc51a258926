import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { createHuaweiApp } from "../../../test/support/huawei-services.ts";
import { cceModel, differences, type Model } from "../../../test/support/sdk-models.ts";
import { issueToken } from "../../core/accounts/tokens.ts";
import { listUsers } from "../../core/accounts/users.ts";
import { setClusterState } from "../../core/clusters/clusters.ts";
import { finishTask } from "../../core/tasks/changes.ts";
import { listTasks } from "../../core/tasks/tasks.ts";
import { smallest } from "./clusters/create/testing/bodies.ts";
import { packed, pems } from "./clusters/create/testing/certificates.ts";
import { fromUuid } from "./ids.ts";

type Json = Record<string, unknown>;
/** A cluster as it is answered. */
interface Shown extends Json {
  metadata: Json & { uid: string };
  spec: Json;
  status: Json & { jobID: string };
}

const { projectId } = testCredentials;
const inner = "https://127.64.5.3:6443";

let test: TestCore;
let app: FastifyInstance;
let headers: Record<string, string>;
beforeAll(async () => {
  test = await createTestCore();
  const [user] = await listUsers(test.core, test.accountId);
  headers = { "x-auth-token": await issueToken(test.core, { userId: user?.id ?? "", projectId }, new Date()) };
  const observer = {
    describe: () => ({ endpoints: { public: undefined, intranet: inner }, runningVersion: undefined }),
    readiness: async () => ({ isReady: true }),
    certificateAuthority: async () => "-----BEGIN CERTIFICATE-----",
  };
  app = await createHuaweiApp(test.core, { observer, newestVersion: "1.20.2" });
});
afterAll(async () => {
  await app.close();
  await test.close();
});

const url = `/api/v3/projects/${projectId}/clusters`;
async function send(method: "GET" | "POST" | "DELETE", path = "", body?: Json): Promise<Shown> {
  const answer = await app.inject({ method, url: url + path, headers, ...(body && { payload: body }) });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json();
}
const create = (spec: Json = {}, metadata: Json = {}) =>
  send("POST", "", {
    ...smallest,
    metadata: { name: "demo", ...metadata },
    spec: { ...(smallest.spec as Json), ...spec },
  });

/** What newer SDKs know of a cluster beside what the one for Node.js does, as that of Python has it (3.1.219). */
const newer = {
  metadata: { alias: "string", timezone: "string" },
  spec: {
    ...{ agencyName: "string", legacyVersion: "string", configurationsOverride: { list: "any" }, clusterOps: "any" },
    ...{ enableMasterVolumeEncryption: "boolean", enableDistMgt: "boolean", deletionProtection: "boolean" },
    serviceNetwork: { object: { IPv4CIDR: "string", IPv6CIDR: "string" } },
    publicAccess: { object: { cidrs: { list: "string" } } },
    encryptionConfig: { object: { mode: "string", kmsKeyID: "string" } },
    certificateAuthority: { object: { data: "string" } },
    secretConfig: "any",
  },
  hostNetwork: { SecurityGroup: "string", controlPlaneSecurityGroup: "string" },
  containerNetwork: { enableContainerCIDRsReservation: "boolean" },
  status: { conditions: { list: "any" } },
} as const satisfies Record<string, Model>;

const membersOf = (model: Model, member: string): Model => (model[member] as { object: Model }).object;

/** A cluster as the newest SDKs know it. */
function clusterModel(): Model {
  const known = cceModel("ShowClusterResponse");
  const spec = membersOf(known, "spec");
  return {
    ...known,
    metadata: { object: { ...membersOf(known, "metadata"), ...newer.metadata } },
    spec: {
      object: {
        ...spec,
        ...newer.spec,
        hostNetwork: { object: { ...membersOf(spec, "hostNetwork"), ...newer.hostNetwork } },
        containerNetwork: { object: { ...membersOf(spec, "containerNetwork"), ...newer.containerNetwork } },
      },
    },
    status: { object: { ...membersOf(known, "status"), ...newer.status } },
  };
}

const notAsked = "only told where it was asked for: nothing here knows of it";
const noPlatform = "Sampan has no versions of a platform of its own";
const noProxy = "no proxy is believed in the mode of the cluster";
const notEni = "the pods are not on the VPC";
const notEncrypted = "Secrets are encrypted where it was asked for alone, and an empty mode says that they are not";
const notPrepaid = "nothing is paid for in advance";
const showsAlone = { "spec.certificateAuthority": "only told where one cluster is asked for, as at the vendor's" };
const deletionsAlone = "of the answer of a deletion alone";
const isWell = "the cluster is as it was asked for";

/** Why a member of the models is not in the answer about a cluster for which as little as possible was asked. */
const leftOut: Readonly<Record<string, string>> = {
  "spec.authentication.authenticatingProxy.ca": noProxy,
  "spec.authentication.authenticatingProxy.cert": noProxy,
  "spec.authentication.authenticatingProxy.privateKey": "a secret",
  "spec.containerNetwork.cidrs": "there are no further Pod ranges",
  "spec.encryptionConfig.kmsKeyID": notEncrypted,
  "spec.encryptionConfig.mode": notEncrypted,
  "spec.eniNetwork.eniSubnetCIDR": notEni,
  "spec.eniNetwork.eniSubnetId": notEni,
  "spec.eniNetwork.subnets": notEni,
  "spec.extendParam.alpha.cce/fixPoolMask": "it is the usual one",
  "spec.extendParam.clusterAZ": "masters and az have the zones",
  "spec.extendParam.clusterExternalIP": "there is no public address",
  "spec.extendParam.decMasterFlavor": notAsked,
  "spec.extendParam.dockerUmaskMode": notAsked,
  "spec.extendParam.dssMasterVolumes": notAsked,
  "spec.extendParam.isAutoPay": notPrepaid,
  "spec.extendParam.isAutoRenew": notPrepaid,
  "spec.extendParam.kubeProxyMode": "the older place of spec.kubeProxyMode",
  "spec.extendParam.kubernetes.io/cpuManagerPolicy": notAsked,
  "spec.extendParam.orderID": "Terraform takes one for an order to pay",
  "spec.extendParam.periodNum": notPrepaid,
  "spec.extendParam.periodType": notPrepaid,
  "spec.extendParam.upgradefrom": "no cluster is upgraded",
  "spec.hostNetwork.controlPlaneSecurityGroup": "the control plane has no security group of its own",
  "spec.legacyVersion": noPlatform,
  "spec.platformVersion": noPlatform,
  "spec.publicAccess.cidrs": "there is no list of who may reach the public endpoint",
  "spec.secretConfig": "no secrets with temporary credentials are put into clusters",
  "spec.serviceNetwork.IPv6CIDR": "the cluster has IPv4 alone",
  "status.conditions": "no certificate is renewed here, nor an agency looked at",
  "status.deleteOption": deletionsAlone,
  "status.deleteStatus": deletionsAlone,
  "status.message": isWell,
  "status.reason": isWell,
};

describe("an answer about a cluster for which as little as possible was asked", () => {
  it.each([
    ["CreateCluster", () => create(), showsAlone],
    ["ShowCluster", async () => send("GET", `/${(await create()).metadata.uid}`), {}],
    [
      "ListClusters",
      async () => {
        await create();
        const { items } = await send("GET");
        return (items as Shown[])[0] as Shown;
      },
      showsAlone,
    ],
  ])(
    "of %s has every member of its model in its type, but for those that it leaves out",
    async (_name, answer, more) => {
      const { missing, mistyped } = differences(clusterModel(), await answer());
      expect(mistyped).toEqual([]);
      expect(missing).toEqual(Object.keys({ ...leftOut, ...more }).toSorted());
    },
  );

  it("has what Sampan decided on", async () => {
    const { metadata, spec, status } = await create();
    expect(metadata).toMatchObject({ alias: "demo", timezone: "Asia/Shanghai", labels: {}, annotations: {} });
    expect(spec).toMatchObject({
      ...{ version: "v1.20", category: "CCE", kubeProxyMode: "iptables", billingMode: 0, az: "cn-north-4a" },
      authentication: { mode: "rbac", authenticatingProxy: {} },
      hostNetwork: { SecurityGroup: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      containerNetwork: {
        mode: "overlay_l2",
        cidr: expect.stringMatching(/^172\.\d+\.0\.0\/16$/),
        enableContainerCIDRsReservation: false,
      },
      serviceNetwork: { IPv4CIDR: expect.stringMatching(/^10\.\d+\.0\.0\/16$/) },
      masters: [{ availabilityZone: "cn-north-4a" }],
      extendParam: { enterpriseProjectId: "0" },
      ...{ deletionProtection: false, enableMasterVolumeEncryption: false, supportIstio: false, enableDistMgt: false },
    });
    expect(status).toEqual({
      phase: "Creating",
      jobID: expect.stringMatching(/^[0-9a-f-]{36}$/),
      endpoints: [{ url: inner, type: "Internal" }],
      ...{ isLocked: false, lockScene: "", lockSource: "", lockSourceId: "" },
    });
  });
});

describe("an answer about a cluster for which everything was asked", () => {
  const asked = {
    ...{ category: "Turbo", type: "VirtualMachine", flavor: "cce.s2.small", version: "v1.28", description: "for all" },
    hostNetwork: { vpc: "vpc-1", subnet: "subnet-1", SecurityGroup: "sg-1" },
    containerNetwork: { mode: "eni", enableContainerCIDRsReservation: true },
    eniNetwork: { subnets: [{ subnetID: "subnet-2" }, { subnetID: "subnet-3" }], eniSubnetId: "subnet-2" },
    serviceNetwork: { IPv4CIDR: "10.70.0.0/16", IPv6CIDR: "fd00:9::/112" },
    ipv6enable: true,
    kubeProxyMode: "ipvs",
    publicAccess: { cidrs: ["203.0.113.0/24"] },
    masters: ["a", "b", "c"].map((zone) => ({ availabilityZone: `cn-north-4${zone}` })),
    clusterTags: [{ key: "team", value: "a" }],
    customSan: ["api.example.com"],
    ...{ deletionProtection: true, enableMasterVolumeEncryption: true, supportIstio: true, enableDistMgt: true },
    agencyName: "agency",
    clusterOps: { alarm: { topics: ["t"] } },
    configurationsOverride: [
      { name: "kube-apiserver", configurations: [{ name: "max-requests-inflight", value: 900 }] },
    ],
    encryptionConfig: { mode: "KMS", kmsKeyID: "kms-1" },
    secretConfig: { disableNodeAgencyCredSecret: true },
    extendParam: {
      ...{
        enterpriseProjectId: "ep-1",
        clusterExternalIP: "203.0.113.8",
        decMasterFlavor: "c6",
        dssMasterVolumes: "v",
      },
      ...{ dockerUmaskMode: "secure", "kubernetes.io/cpuManagerPolicy": "static" },
    },
  };
  const proxy = { ca: packed(`${pems.ca}\n`), cert: packed(pems.cert) };
  const authentication = {
    mode: "authenticating_proxy",
    authenticatingProxy: { ...proxy, privateKey: packed(pems.key) },
  };

  it("shows it, and the range of the pods' subnet, without the key of the proxy", async () => {
    const metadata = { alias: "All of it", timezone: "Europe/Berlin", labels: { a: "b" }, annotations: { c: "d" } };
    const shown = await create({ ...asked, authentication }, metadata);
    expect(shown.metadata).toMatchObject(metadata);
    expect(shown.spec).toMatchObject({ ...asked, authentication: { ...authentication, authenticatingProxy: proxy } });
    expect(shown.spec.authentication).toEqual({ mode: "authenticating_proxy", authenticatingProxy: proxy });
    expect(shown.spec.eniNetwork).toEqual({ ...asked.eniNetwork, eniSubnetCIDR: expect.stringMatching(/\/22$/) });
    const { mistyped } = differences(clusterModel(), shown);
    expect(mistyped).toEqual([]);
  });

  it("shows the certificate of the cluster's own authority, and none that was sent", async () => {
    const { metadata, spec } = await create({ certificateAuthority: { data: "T3RoZXI=" } });
    expect(spec).not.toHaveProperty("certificateAuthority");
    const shown = await send("GET", `/${metadata.uid}`);
    expect(shown.spec.certificateAuthority).toEqual({ data: "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t" });
  });

  it("has flags and numbers as such, where an old client sent texts", async () => {
    const texts = { supportIstio: "true", enableDistMgt: "False", billingMode: "0", extendParam: { periodNum: "3" } };
    expect((await create(texts)).spec).toMatchObject({
      ...{ supportIstio: true, enableDistMgt: false, billingMode: 0 },
      extendParam: { periodNum: 3 },
    });
  });
});

describe("the answer of a deletion", () => {
  it("repeats its options, and counts what they could apply to", async () => {
    const { metadata } = await create();
    const { status } = await send("DELETE", `/${metadata.uid}?delete_evs=true`);
    expect(status).toMatchObject({
      phase: "Deleting",
      deleteOption: expect.arrayContaining([{ delete_evs: "block" }, { delete_eni: "block" }, { delete_obs: "skip" }]),
      deleteStatus: { previous_total: 0, current_total: 0, updated: 0, added: 0, deleted: 0 },
    });
  });
});

describe("an answer about a cluster that failed", () => {
  it("says what failed and why, and names the job", async () => {
    const { metadata, status } = await create();
    const id = fromUuid(metadata.uid) ?? "";
    const [creation] = (await listTasks(test.core, id, { offset: 0, limit: 1 })).tasks;
    await finishTask(test.core, creation?.id ?? "", { state: "failed", error: "Stage etcd: the disk is full." });
    await setClusterState(test.core, id, "failed");
    const shown = await send("GET", `/${metadata.uid}?errorStatus=1`);
    expect(shown.status).toMatchObject({
      phase: "Error",
      jobID: status.jobID,
      reason: "The creation failed.",
      message: "Stage etcd: the disk is full.",
    });
  });
});
