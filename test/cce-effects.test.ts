import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseIpv4Range, rangeContains } from "../src/cidr.ts";
import {
  type CertificateAndKey,
  type CertificateAuthority,
  createCertificateAuthority,
  issueCertificate,
} from "../src/kubernetes/pki/certificates.ts";
import { highlyAvailable, type ProxyCertificate, turbo as turboBody } from "./fixtures/cce-settings.ts";
import {
  acceptedOf,
  type CceClient,
  cce,
  clusterCertificate,
  createCceClient,
  deleteCceCluster,
  sdkRefusal,
  showCceCluster,
  successOfJob,
  updateCceCluster,
} from "./support/cce-sdk.ts";
import { type CceView, endpointsOf, kubectlOf, runningCceView } from "./support/cce-view.ts";
import { installedDistribution } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { kubectlPause } from "./support/kubectl.ts";
import { clusterListeners, componentProcesses, environmentOf } from "./support/processes.ts";
import { startService, type TestService } from "./support/service.ts";
import { subjectNames } from "./support/tls.ts";

const memberCount = [1, 2, 3];

let service: TestService;
let client: CceClient;
/** The authority of the proxy that the first cluster trusts. */
let proxyCa: CertificateAuthority;
/** What such a proxy shows. */
let proxyCertificate: ProxyCertificate;
/** Everything is asked for. */
let ha: CceView;
/** Pods on network interfaces of the VPC; of the rest, nothing. */
let turbo: CceView;
/** The job of an update of the first cluster. */
let update: string;

beforeAll(async () => {
  service = await startService();
  client = createCceClient(service);
  proxyCa = await createCertificateAuthority("proxy-ca");
  proxyCertificate = { ca: proxyCa.cert, ...(await certificateOf(proxyCa)) };
  [ha, turbo] = await Promise.all([
    runningCceView(service, highlyAvailable(proxyCertificate)),
    runningCceView(service, turboBody),
  ]);
});

afterAll(() => service?.dispose());

const certificateOf = (ca: CertificateAuthority) => issueCertificate(ca, { commonName: "proxy", usages: ["client"] });

const processesOf = ({ id }: CceView) => componentProcesses(service.home).filter(({ cluster }) => cluster === id);

describe("the answers", () => {
  test("show the first cluster as it was asked for", async () => {
    const { metadata, spec } = highlyAvailable(proxyCertificate);
    const ca = Buffer.from(proxyCa.cert).toString("base64");
    expect(await ha.show()).toMatchObject({
      kind: "Cluster",
      apiVersion: "v3",
      metadata,
      spec: {
        ...spec,
        authentication: { mode: "authenticating_proxy", authenticatingProxy: { ca } },
        billingMode: 0,
        clusterTags: expect.arrayContaining([
          { key: "cost centre", value: "17" },
          { key: "bare", value: "" },
        ]),
      },
      status: { phase: "Available" },
    });
  });

  test("show the other one in the right spelling, with what follows from what it was asked for with", async () => {
    const { hostNetwok, ...spec } = turboBody.spec;
    const shown = await turbo.show();
    expect(shown).toMatchObject({
      apiVersion: "v3",
      metadata: { name: "turbo", alias: "turbo", labels: {}, annotations: {} },
      spec: {
        ...spec,
        customSan: [],
        hostNetwork: hostNetwok,
        category: "Turbo",
        serviceNetwork: { IPv4CIDR: "10.96.0.0/16" },
        version: expect.stringMatching(/^v1\.\d+$/),
      },
    });
    expect(shown).not.toHaveProperty("apiversion");
    expect(shown.spec).not.toHaveProperty("hostNetwok");
  });
});

/** Binds a public address to the second cluster's API server, or unbinds it. */
const bindAddress = (spec: object) =>
  client.updateClusterEip(Object.assign(new cce.UpdateClusterEipRequest(turbo.uid), { body: { spec } }));

// API servers look at their certificates once a minute: what changes them begins here, and its end is seen at the end.
describe("an update", () => {
  test("is shown at once", async () => {
    const changed = await updateCceCluster(client, ha.uid, {
      metadata: { alias: "Three of a kind" },
      spec: { description: "for another thing", customSan: ["api.example", "203.0.113.9", "new.example"] },
    });
    expect(changed).toMatchObject({
      httpStatusCode: 200,
      metadata: { alias: "Three of a kind" },
      spec: { description: "for another thing" },
    });
    update = acceptedOf(changed).jobId;
    expect(update).not.toBe("");
  });

  test("of what cannot be changed is refused, with every reason", async () => {
    const spec = {
      flavor: "cce.s2.small",
      customSan: ["not a name"],
      containerNetwork: { cidrs: [{ cidr: "10.62.0.0/16" }] },
      eniNetwork: { subnets: [{ subnetID: "subnet-pods-1" }] },
    };
    const reasons =
      /(?=.*spec\.flavor cannot be changed)(?=.*spec\.customSan\[0\] "not a name")(?=.*vpc-router alone)(?=.*must hold subnet-pods-2)/s;
    await expect(updateCceCluster(client, turbo.uid, { spec })).rejects.toEqual(
      sdkRefusal(400, "CCE_CM.0004", expect.stringMatching(reasons)),
    );
    await expect(bindAddress({ action: "bind" })).rejects.toEqual(
      sdkRefusal(400, "CCE_CM.0004", expect.stringContaining("spec.spec.id is mandatory")),
    );
    await expect(clusterCertificate(client, turbo.uid, { duration: 0 })).rejects.toEqual(
      sdkRefusal(400, "CCE_CM.0004", expect.stringContaining("duration 0 must be from 1 to")),
    );
  });

  test("that binds a public address shows the address", async () => {
    expect(Object.keys(endpointsOf(await turbo.show()))).toEqual(["Internal"]);
    expect(clusterListeners()).not.toContain(`${turbo.network}.1:6443`);
    const bound = await bindAddress({ action: "bind", spec: { id: "eip-1" } });
    expect(bound).toMatchObject({ httpStatusCode: 200, spec: { action: "bind", spec: { id: "eip-1" } } });
  });
});

describe("the flavor", () => {
  test("cce.s2 has three members, each with an etcd and an API server; cce.t1 has one", async () => {
    const expected = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    const members = (view: CceView) =>
      Object.groupBy(
        processesOf(view).filter(({ component }) => component !== "forwarder"),
        ({ member }) => member,
      );
    for (const [view, names] of [
      [ha, ["member-1", "member-2", "member-3"]],
      [turbo, ["member-1"]],
    ] as const) {
      const found = members(view);
      expect(Object.keys(found).toSorted()).toEqual(names);
      for (const name of names) expect(found[name]?.map(({ component }) => component)).toEqual(expected);
      expect((await view.etcd(1).members()).toSorted()).toEqual(names);
    }
    expect(await ha.configMap("cluster-info")).toMatchObject({ nodeLimit: "50" });
    expect(await turbo.configMap("cluster-info")).toMatchObject({ nodeLimit: "100", workerKind: "windows" });
  });

  test("cce.s2 goes on without one of its members, which comes back by itself", async () => {
    const victims = processesOf(ha).filter(({ member }) => member === "member-2");
    expect(victims).toHaveLength(4);
    for (const { pid } of victims) process.kill(pid, "SIGKILL");
    await eventually(() => ha.kubectl.run(["create", "configmap", "written-meanwhile"]));
    await eventually(async () => {
      expect(processesOf(ha).filter(({ member }) => member === "member-2")).toHaveLength(victims.length);
      expect(await ha.etcd(2).get("/registry/configmaps/default/written-meanwhile")).toBeDefined();
      expect((await ha.show()).status?.phase).toBe("Available");
    }, kubectlPause);
    expect(processesOf(ha).map(({ pid }) => pid)).not.toContain(victims[0]?.pid);
  });

  test("cce.t1 is Unavailable while its only API server does not answer", async () => {
    const phaseIs = (phase: string) => eventually(async () => expect((await turbo.show()).status?.phase).toBe(phase));
    const { pid = 0 } = processesOf(turbo).find(({ component }) => component === "kube-apiserver") ?? {};
    process.kill(pid, "SIGSTOP");
    try {
      await phaseIs("Unavailable");
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await phaseIs("Available");
  });
});

describe("zones", () => {
  test("are different ones for the members with multi_az, and the ones that were named otherwise", async () => {
    const zonesOf = async (view: CceView) =>
      (await view.show()).spec?.masters?.map(({ availabilityZone }) => availabilityZone) ?? [];
    expect(await zonesOf(ha)).toEqual(["cn-north-4a", "cn-north-4b", "cn-north-4c"]);
    expect(await zonesOf(turbo)).toEqual(["cn-north-4c"]);
    expect(await ha.configMap("cluster-info")).toMatchObject({ memberZones: "cn-north-4a,cn-north-4b,cn-north-4c" });
  });
});

describe("a proxy that says who asks", () => {
  const alice = { "X-Remote-User": "alice" };
  const nobody = { status: 401, message: "Unauthorized" };
  const refusal = {
    status: 403,
    message: 'nodes is forbidden: User "alice" cannot list resource "nodes" in API group "" at the cluster scope',
  };

  /** What the API servers of a cluster answer to somebody with a certificate. */
  async function ask(view: CceView, { cert, key }: CertificateAndKey, headers: Record<string, string>) {
    const { clusters } = await clusterCertificate(client, view.uid);
    const { cluster } = clusters?.find(({ name }) => name === "internalCluster") ?? {};
    const { server, "certificate-authority-data": ca = "" } = cluster as unknown as Record<string, string>;
    const connect = { ca: Buffer.from(ca, "base64").toString(), cert, key };
    const dispatcher = new Agent({ allowH2: false, connect });
    try {
      const { statusCode, body } = await request(`${server}/api/v1/nodes`, { headers, dispatcher });
      const { message = "" } = (await body.json()) as { message?: string };
      return { status: statusCode, message };
    } finally {
      await dispatcher.close();
    }
  }

  test("is believed with a certificate of the given authority, and its users have their own rights", async () => {
    expect(await ask(ha, proxyCertificate, alice)).toEqual(refusal);
    await ha.kubectl.run(["create", "clusterrole", "reader", "--verb=list", "--resource=nodes"]);
    await ha.kubectl.run(["create", "clusterrolebinding", "alice", "--clusterrole=reader", "--user=alice"]);
    await eventually(async () => expect(await ask(ha, proxyCertificate, alice)).toMatchObject({ status: 200 }));
    expect(await ask(ha, proxyCertificate, { "X-Remote-User": "bob" })).toMatchObject({ status: 403 });
  });

  test("is refused with a certificate of another authority, and where it says nothing", async () => {
    const stranger = await createCertificateAuthority("proxy-ca");
    expect(await ask(ha, await certificateOf(stranger), alice)).toEqual(nobody);
    expect(await ask(ha, proxyCertificate, {})).toEqual(nobody);
  });

  test("is refused by a cluster of mode x509", async () => {
    expect(await ask(turbo, proxyCertificate, alice)).toEqual(nobody);
  });

  test("has its authority in the cluster's own configuration", async () => {
    const given = (view: CceView) => view.configMap("extension-apiserver-authentication");
    expect((await given(ha))["requestheader-client-ca-file"]).toContain(proxyCa.cert.trim());
    expect((await given(turbo))["requestheader-client-ca-file"]).not.toContain(proxyCa.cert.trim());
  });
});

describe("the proxy's own key", () => {
  test("is needed by nobody, as an event says, and shown to nobody", async () => {
    expect(await ha.log()).toContain("spec.authentication.authenticatingProxy.ca alone has an effect");
    const { body } = await service.client.describeClusterDetail(`c${ha.id}`);
    const answers = JSON.stringify([await ha.show(), body, await ha.log(), service.output()]);
    const key = proxyCertificate.key.trim().split("\n")[1] ?? "";
    expect(key).toMatch(/^\S{40}/);
    for (const text of [key, Buffer.from(proxyCertificate.key).toString("base64")]) expect(answers).not.toContain(text);
  });
});

describe("networks", () => {
  /** The share of the Pod range that a node gets which joins. */
  async function joinNode({ kubectl }: CceView, name: string): Promise<void> {
    await kubectl.run(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "Node", metadata: { name } }));
  }
  const podCidrOf = ({ kubectl }: CceView, name: string) =>
    kubectl.run(["get", "node", name, "-o", "jsonpath={.spec.podCIDR}"]);

  test("give a node a share of the Pod range, as long as was asked for", async () => {
    await joinNode(ha, "joined");
    const podCidr = await eventually(async () => {
      const found = await podCidrOf(ha, "joined");
      expect(found).toMatch(/\/26$/);
      return found;
    }, kubectlPause);
    const range = parseIpv4Range("10.60.0.0/16");
    expect(range && rangeContains(range, podCidr.split("/")[0] ?? "")).toBe(true);
  });

  test("give a node no share where pods are on network interfaces", async () => {
    await joinNode(turbo, "joined");
    // The API server taints new nodes; the controller manager has looked at one once it has taken the taint away.
    const taints = ["get", "node", "joined", "-o", "jsonpath={.spec.taints}"];
    await eventually(async () => expect(await turbo.kubectl.run(taints)).not.toContain("not-ready"));
    expect(await podCidrOf(turbo, "joined")).toBe("");
  });

  test("have the objects of their mode, with what they were asked for", async () => {
    expect(await ha.names("daemonsets")).toContain("DaemonSet/container-network-vpc-router");
    expect(await ha.configMap("container-network-vpc-router")).toMatchObject({
      vpcId: "vpc-effects",
      subnets: "subnet-effects",
      securityGroups: "sg-effects",
      podCidrs: "10.60.0.0/16,10.61.0.0/16",
      nodeCidrMask: "26",
    });
    expect(await turbo.names("daemonsets")).toContain("DaemonSet/container-network-eni");
    expect(await turbo.configMap("container-network-eni")).toMatchObject({
      podSubnets: "subnet-pods-1,subnet-pods-2",
      highwaySubnet: "subnet-fast",
    });
  });

  test("have the Services' range, of both families where that was asked for", async () => {
    const ipsOf = ({ kubectl }: CceView, service: string) =>
      kubectl.run(["-n", "kube-system", "get", "service", service, "-o", "jsonpath={.spec.clusterIPs[*]}"]);
    expect(await ipsOf(ha, "kube-dns")).toBe("10.70.0.10");
    const object = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "both", namespace: "kube-system" },
      spec: { ipFamilyPolicy: "PreferDualStack", ports: [{ port: 80 }] },
    };
    for (const view of [ha, turbo]) await view.kubectl.run(["create", "-f", "-"], JSON.stringify(object));
    expect(await ipsOf(ha, "both")).toMatch(/^10\.70\.[\d.]+$/);
    expect(await ipsOf(turbo, "both")).toMatch(/^10\.96\.[\d.]+ fd00:/);
  });

  test("have kube-proxy in its mode", async () => {
    const configuration = async (view: CceView) => JSON.stringify(await view.configMap("kube-proxy"));
    expect(await configuration(ha)).toMatch(/mode: \\?"?ipvs/);
    expect(await configuration(turbo)).toMatch(/mode: \\?"?iptables/);
  });
});

describe("Secrets", () => {
  test("are encrypted in etcd with the key of the user, and readable there where none was asked for", async () => {
    const stored = async ({ kubectl, etcd }: CceView) => {
      await kubectl.run(["create", "secret", "generic", "at-rest", "--from-literal=text=in-the-clear"]);
      const read = await kubectl.run(["get", "secret", "at-rest", "-o", "jsonpath={.data.text}"]);
      expect(Buffer.from(read, "base64").toString()).toBe("in-the-clear");
      return etcd(1).get("/registry/secrets/default/at-rest");
    };
    const encrypted = await stored(ha);
    expect(encrypted).toMatch(/^k8s:enc:/);
    expect(encrypted).toContain("key-of-the-user");
    expect(encrypted).not.toContain("in-the-clear");
    expect(await stored(turbo)).toMatch(/^k8s\0.*in-the-clear/s);
  });
});

describe("the object in the cluster", () => {
  test("has the labels and annotations, and as an annotation what Kubernetes refuses as a label", async () => {
    const { metadata } = await ha.kubectl.json<{ metadata: { labels: object; annotations: object } }>([
      ...["-n", "kube-system", "get", "configmap", "cluster-info"],
    ]);
    expect(metadata).toMatchObject({
      labels: { team: "one" },
      annotations: { remark: "no label of Kubernetes", "own.example/note": "Anything at all." },
    });
  });

  test("says what the cluster was made from", async () => {
    const { version } = await installedDistribution();
    expect(await ha.configMap("cluster-info")).toMatchObject({
      clusterId: ha.uid,
      name: "highly-available",
      region: "cn-north-4",
      requestedVersion: "v1.19",
      kubernetesVersion: version,
      vpcId: "vpc-effects",
      subnets: "subnet-effects",
      timezone: "Asia/Shanghai",
    });
  });
});

describe("the control plane", () => {
  test("has the time zone in all of its processes", () => {
    for (const { pid } of processesOf(ha).filter(({ component }) => component !== "forwarder"))
      expect(environmentOf(pid)).toContain("TZ=Asia/Shanghai");
  });

  test("has a public endpoint beside the inner one, where there is a public address", async () => {
    const { Internal, External } = endpointsOf(await ha.show());
    expect([Internal, External]).toEqual([`https://${ha.network}.3:6443`, `https://${ha.network}.1:6443`]);
    const { contexts, ...certificate } = await clusterCertificate(client, ha.uid);
    expect(contexts?.map(({ name }) => name)).toEqual(["internal", "external", "externalTLSVerify"]);
    expect(certificate).toMatchObject({ "current-context": "external" });
    for (const { name = "" } of contexts ?? [])
      expect(await ha.kubectl.run(["--context", name, "get", "--raw", "/readyz"])).toBe("ok");
  });
});

describe("the end of the update", () => {
  test("is when every API server shows a certificate with the new names beside the old ones", async () => {
    expect(await successOfJob(client, update)).toMatchObject({ spec: { type: "UpdateCluster", clusterUID: ha.uid } });
    for (const member of memberCount)
      expect(await subjectNames(new URL(`https://${ha.network}.${10 + member}:6443`))).toEqual(
        expect.arrayContaining([
          "DNS:api.example",
          "IP Address:203.0.113.9",
          "DNS:new.example",
          "IP Address:10.70.0.1",
        ]),
      );
    expect(await subjectNames(new URL(endpointsOf(await turbo.show()).Internal ?? ""))).not.toContain(
      "DNS:api.example",
    );
    expect(await ha.configMap("cluster-info")).toMatchObject({
      alias: "Three of a kind",
      description: "for another thing",
    });
  });
});

describe("a public address", () => {
  test("that was bound leads to the API server, until it is unbound", async () => {
    const [inner, outer] = [`https://${turbo.network}.3:6443`, `https://${turbo.network}.1:6443`];
    await eventually(async () => expect(endpointsOf(await turbo.show())).toEqual({ Internal: inner, External: outer }));
    expect(await client.showClusterEndpoints(new cce.ShowClusterEndpointsRequest(turbo.uid))).toMatchObject({
      status: { privateEndpoint: inner, publicEndpoint: outer },
    });
    const kubectl = await kubectlOf(service, client, turbo.uid);
    await eventually(async () =>
      expect(await kubectl.run(["--context", "externalTLSVerify", "get", "--raw", "/readyz"])).toBe("ok"),
    );
    await bindAddress({ action: "unbind" });
    await eventually(async () => {
      expect(endpointsOf(await turbo.show())).toEqual({ Internal: inner });
      expect(clusterListeners()).not.toContain(new URL(outer).host);
    });
  });
});

describe("deletion protection", () => {
  test("refuses the deletion until it is switched off", async () => {
    await expect(deleteCceCluster(client, ha.uid)).rejects.toEqual(sdkRefusal(400, "CCE.01400034"));
    expect(await ha.kubectl.run(["get", "--raw", "/readyz"])).toBe("ok");
    await updateCceCluster(client, ha.uid, { spec: { deletionProtection: false } });
    const deletion = await deleteCceCluster(client, ha.uid);
    await successOfJob(client, acceptedOf(deletion).jobId);
    await expect(showCceCluster(client, ha.uid)).rejects.toEqual(sdkRefusal(404, "CCE_CM.0003"));
    expect(processesOf(ha)).toEqual([]);
  });
});
