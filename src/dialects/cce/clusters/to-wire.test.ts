import { describe, expect, it } from "vitest";
import { keptCluster } from "../../../../test/support/new-cluster.ts";
import { toClusterCert } from "./certificate-routes.ts";
import { type ClusterFacts, toCceCluster } from "./to-wire.ts";

const facts: ClusterFacts = {
  endpoints: { public: undefined, intranet: "https://127.64.1.3:6443" },
  runningVersion: "1.20.2",
  isReady: true,
  showErrors: false,
  taskId: undefined,
  securityGroupId: "sg-1",
};
const network = { ...keptCluster().spec.network, plugin: "overlay_l2" } as const;
const made = keptCluster({
  dialect: "cce",
  request: {
    spec: {
      flavor: "cce.s1.small",
      version: "v1.7.3-r13",
      authentication: { authenticatingProxy: { ca: "Q0E=", privateKey: "******" } },
      extendParam: { foo: "bar" },
      supportIstio: true,
    },
  },
  spec: { network, kubernetesVersion: "1.7.3", requestedVersion: "v1.7.3-r13", labels: { foo: "bar" } },
});

const shown = (cluster = made, more: Partial<ClusterFacts> = {}) =>
  toCceCluster(cluster, { ...facts, ...more }) as {
    metadata: Record<string, unknown>;
    spec: Record<string, unknown>;
    status: Record<string, unknown>;
  };

describe("a cluster as CCE shows it", () => {
  it("has the envelope, its id as a UUID, and times as Go prints them", () => {
    expect(shown()).toMatchObject({
      kind: "Cluster",
      apiVersion: "v3",
      metadata: {
        name: "demo",
        alias: "demo",
        uid: "01234567-89ab-cdef-0123-456789abcdef",
        labels: { foo: "bar" },
        annotations: {},
        creationTimestamp: "2026-01-02 03:04:05.678 +0000 UTC",
        updateTimestamp: "2026-01-02 03:04:05.678 +0000 UTC",
      },
    });
  });

  it("always has the objects that clients look into, and what was sent and is only kept", () => {
    expect(shown().spec).toMatchObject({
      eniNetwork: {},
      serviceNetwork: { IPv4CIDR: "172.21.0.0/20" },
      extendParam: { foo: "bar" },
      supportIstio: true,
      billingMode: 0,
      category: "CCE",
      az: "cn-beijing-a",
      masters: [{ availabilityZone: "cn-beijing-a" }],
      hostNetwork: { SecurityGroup: "sg-1" },
    });
  });

  it("has what today's service always shows, as it is where nobody set it", () => {
    const plain = keptCluster({ dialect: "cce", region: "cn-north-4", request: {}, spec: { network } });
    expect(shown(plain)).toMatchObject({
      metadata: { timezone: "Asia/Shanghai" },
      spec: {
        ...{ description: "", customSan: [], ipv6enable: false, publicAccess: {}, clusterTags: [], agencyName: "" },
        ...{
          supportIstio: false,
          enableMasterVolumeEncryption: false,
          enableDistMgt: false,
          deletionProtection: false,
        },
        ...{ configurationsOverride: [], clusterOps: {}, encryptionConfig: {} },
        containerNetwork: { enableContainerCIDRsReservation: false },
      },
      status: { isLocked: false, lockScene: "", lockSource: "", lockSourceId: "" },
    });
  });

  it("has its time zone where one was asked for, and none of which the region's is not known", () => {
    const zoneOf = (timezone: string | undefined, region: string) =>
      shown(keptCluster({ ...made, region, spec: { ...made.spec, timezone } })).metadata.timezone;
    expect(zoneOf("Europe/Berlin", "cn-north-4")).toBe("Europe/Berlin");
    expect(zoneOf(undefined, "eu-west-101")).toBeUndefined();
  });

  it("has the version that it would run, before that is decided, where none was asked for", () => {
    const open = keptCluster({ dialect: "cce", request: {}, spec: { network, kubernetesVersion: undefined } });
    const wish = { runningVersion: undefined, expectedVersion: "1.34.2" };
    expect(shown(open, wish).spec.version).toBe("v1.34");
    expect(shown(made, wish).spec.version).toBe("v1.7.3-r13");
  });

  it("never has a key of the authenticating proxy, nor a CA that is not in force", () => {
    expect(shown().spec.authentication).toEqual({ mode: "x509", authenticatingProxy: {} });
    const proxied = keptCluster({
      ...made,
      spec: { ...made.spec, apiServer: { ...made.spec.apiServer, authenticatingProxyCa: "CA" } },
    });
    expect(shown(proxied).spec.authentication).toEqual({
      mode: "authenticating_proxy",
      authenticatingProxy: { ca: "Q0E=" },
    });
  });

  it.each([
    ["1.7.3", "x509"],
    ["1.11", "x509"],
    ["1.13", "rbac"],
    [undefined, "rbac"],
  ])("of version %s has the authentication mode %s by default", (kubernetesVersion, mode) => {
    const cluster = keptCluster({ dialect: "cce", request: {}, spec: { network, kubernetesVersion } });
    expect(shown(cluster).spec.authentication).toMatchObject({ mode });
  });

  it.each([
    ["creating", {}, "Creating"],
    ["running", {}, "Available"],
    ["running", { isReady: false }, "Unavailable"],
    ["changing", {}, "Available"],
    ["failed", {}, "Deleting"],
    ["failed", { showErrors: true }, "Error"],
    ["removing", { showErrors: true }, "Deleting"],
    ["remove-failed", {}, "Deleting"],
    ["remove-failed", { showErrors: true }, "Error"],
  ] as const)("that is %s, with %j, has the phase %s", (state, more, phase) => {
    expect(shown({ ...made, state }, more).status.phase).toBe(phase);
  });

  it("says where it runs another version than asked for, and only then", () => {
    expect(shown().status.message).toBe(
      "Version v1.7.3-r13 was asked for; the cluster runs Kubernetes 1.20.2, the nearest that is to be had here.",
    );
    expect(shown(made, { runningVersion: "1.7.3" }).status).not.toHaveProperty("message");
    const newest = keptCluster({ dialect: "cce", request: {}, spec: { network, kubernetesVersion: undefined } });
    expect(shown(newest)).toMatchObject({ spec: { version: "v1.20" } });
    expect(shown(newest).status).not.toHaveProperty("message");
  });

  it("names the job that works on it, and its endpoints once it has any", () => {
    expect(shown(made, { taskId: "T-0123456789abcdef01234567" }).status).toMatchObject({
      jobID: "01234567-89ab-cdef-0123-456700000000",
      endpoints: [{ url: "https://127.64.1.3:6443", type: "Internal" }],
    });
    const both = { public: "https://127.64.1.1:6443", intranet: "https://127.64.1.3:6443" };
    expect(shown(made, { endpoints: both }).status.endpoints).toContainEqual({ url: both.public, type: "External" });
    expect(shown(made, { endpoints: undefined }).status).not.toHaveProperty("endpoints");
  });
});

describe("the certificate of a cluster", () => {
  const access = { ca: "CA", cert: "CERT", key: "KEY" };
  const intranet = "https://127.64.1.3:6443";

  it("has the inner context alone where there is no public address", () => {
    const config = toClusterCert({ ...access, endpoints: { public: undefined, intranet } });
    expect(config).toEqual({
      kind: "Config",
      apiVersion: "v1",
      preferences: {},
      clusters: [{ name: "internalCluster", cluster: { server: intranet, "certificate-authority-data": "Q0E=" } }],
      users: [{ name: "user", user: { "client-certificate-data": "Q0VSVA==", "client-key-data": "S0VZ" } }],
      contexts: [{ name: "internal", context: { cluster: "internalCluster", user: "user" } }],
      "current-context": "internal",
    });
  });

  it("has the outer ones too where there is, with and without a look at the server's certificate", () => {
    const server = "https://127.64.1.1:6443";
    const config = toClusterCert({ ...access, endpoints: { public: server, intranet } });
    expect(config["current-context"]).toBe("external");
    expect(config.contexts.map(({ name, context }) => [name, context.cluster])).toEqual([
      ["internal", "internalCluster"],
      ["external", "externalCluster"],
      ["externalTLSVerify", "externalClusterTLSVerify"],
    ]);
    expect(config.clusters.slice(1)).toEqual([
      { name: "externalCluster", cluster: { server, "insecure-skip-tls-verify": true } },
      { name: "externalClusterTLSVerify", cluster: { server, "certificate-authority-data": "Q0E=" } },
    ]);
  });
});
