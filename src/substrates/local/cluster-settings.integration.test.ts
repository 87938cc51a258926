import { createPublicKey, verify, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createApiClient } from "../../kubernetes/client.ts";
import { memberPaths } from "../../kubernetes/member-paths.ts";
import type { ClusterPlan, ClusterRecord, Substrate } from "../substrate.ts";
import { examplePlan } from "../testing/example-plan.ts";
import { openRecordFile } from "../testing/file-record.ts";
import { ownAccess, requireSecrets } from "./certificates/secrets.ts";
import { isFree } from "./network/loopback.ts";
import { clusterFolder, requireSite } from "./site/site.ts";
import { etcdOf } from "./testing/etcd.ts";
import { createTestHome, networkOf, patience, runStages, type TestHome } from "./testing/real-clusters.ts";

const issuer = "https://oidc.example.com/c0ffee";
const audiences = [issuer, "sts.aliyuncs.com"];
const { apiServer } = examplePlan();
const password = "correct horse battery staple";

let home: TestHome;
let substrate: Substrate;
let cluster: ClusterRecord;

async function create(plan: Partial<ClusterPlan>): Promise<void> {
  home = await createTestHome();
  cluster = openRecordFile(home.newCluster(plan).record);
  substrate = home.newSubstrate();
  await runStages(substrate.work.create, home.context(cluster));
}

const kubectl = (...args: string[]) => home.kubectl(substrate, cluster, ...args);
const paths = () => memberPaths(join(clusterFolder(home.path, cluster.plan.id), "member-1"));
const createSecret = () => kubectl("create", "secret", "generic", "login", `--from-literal=password=${password}`);
const kubeconfigServer = async (endpoint: "public" | "intranet") => {
  const { config } = await substrate.kubeconfig(cluster, { lifetimeMinutes: 60, endpoint });
  return parse(config).clusters[0].cluster.server;
};

describe("a cluster with a public endpoint and nothing else", () => {
  beforeAll(() => create({}));
  afterAll(() => home.remove());

  test("is named in a kubeconfig by the address asked for", async () => {
    const network = networkOf(cluster);
    expect(await kubeconfigServer("public")).toBe(`https://${network}.1:6443`);
    expect(await kubeconfigServer("intranet")).toBe(`https://${network}.3:6443`);
  });

  test("has Secrets readable in etcd", async () => {
    await createSecret();
    const kept = await (await etcdOf(home.path, cluster)).read("/registry/secrets/default/login");
    expect(kept).toMatch(/^k8s\0/);
    expect(kept).toContain(password);
  });

  test("writes no audit log", () => {
    expect(existsSync(paths().auditLog)).toBe(false);
  });
});

describe("a cluster that encrypts Secrets, audits requests and has no public endpoint", () => {
  beforeAll(() =>
    create({
      apiServer: {
        ...apiServer,
        serviceAccountIssuer: issuer,
        apiAudiences: audiences,
        publicEndpoint: false,
        auditLog: true,
      },
      secretEncryption: { keyName: "key:0fe64791" },
    }),
  );
  afterAll(() => home.remove());

  test("listens at the inner address alone, and a kubeconfig always names that", async () => {
    const network = networkOf(cluster);
    expect(await isFree({ address: `${network}.1`, port: 6443 })).toBe(true);
    expect(await isFree({ address: `${network}.3`, port: 6443 })).toBe(false);
    expect(substrate.describe(cluster.state).endpoints).toEqual({
      public: undefined,
      intranet: `https://${network}.3:6443`,
    });
    for (const endpoint of ["public", "intranet"] as const)
      expect(await kubeconfigServer(endpoint)).toBe(`https://${network}.3:6443`);
    const serving = new X509Certificate(readFileSync(paths().apiServerCert));
    // Good for the public address, too, so that nothing has to be waited for when it is opened.
    for (const address of [`${network}.1`, `${network}.3`]) expect(serving.checkIP(address)).toBe(address);
  });

  test("needs no forwarder", async () => {
    const names = (await home.processes(cluster.plan.id)).map(({ component }) => component);
    expect(names).toEqual(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]);
  });

  test("shows a Secret to kubectl, and nothing of it in etcd, also after a restart", async () => {
    await createSecret();
    const shown = async () =>
      Buffer.from(await kubectl("get", "secret", "login", "-o", "jsonpath={.data.password}"), "base64").toString();
    expect(await shown()).toBe(password);
    const kept = await (await etcdOf(home.path, cluster)).read("/registry/secrets/default/login");
    expect(kept).toMatch(/^k8s:enc:secretbox:v1:key-0fe64791:/);
    expect(kept).not.toContain(password);

    await substrate.suspend();
    substrate = home.newSubstrate();
    await substrate.resume(cluster);
    expect(await shown()).toBe(password);
  });

  test("keeps the key out of arguments and environment, in a file that is its owner's alone", async () => {
    const key = (await requireSecrets(cluster.secrets))["secret-encryption.key"];
    expect(readFileSync(paths().encryptionConfig, "utf8")).toContain(key);
    expect(statSync(paths().encryptionConfig).mode & 0o777).toBe(0o600);
    for (const { identity } of await home.processes(cluster.plan.id))
      for (const name of ["cmdline", "environ"])
        expect(readFileSync(`/proc/${identity.pid}/${name}`, "latin1")).not.toContain(key);
  });

  test("records who did what, without bodies, in a folder that is its owner's alone", async () => {
    await kubectl("create", "configmap", "audited", "--from-literal=text=not-in-the-log");
    const entries = () =>
      readFileSync(paths().auditLog, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    const audited = () => entries().find(({ objectRef }) => objectRef?.name === "audited");
    await expect.poll(audited, patience).toMatchObject({
      verb: "create",
      user: { username: "kubernetes-admin" },
      objectRef: { resource: "configmaps", namespace: "default" },
      responseStatus: { code: 201 },
    });
    const log = readFileSync(paths().auditLog, "utf8");
    expect(log).not.toContain("not-in-the-log");
    expect(log).not.toContain(password);
    expect(entries().filter(({ objectRef }) => objectRef?.resource === "leases")).toEqual([]);
    expect(statSync(dirname(paths().auditLog)).mode & 0o777).toBe(0o700);
  });

  test("publishes the key that its service-account tokens can be verified with", async () => {
    // The controller manager makes it.
    await expect.poll(() => kubectl("get", "serviceaccounts", "-o", "name"), patience).toBe("serviceaccount/default");
    const site = requireSite(home.path, cluster);
    const client = createApiClient(await ownAccess(site, await requireSecrets(cluster.secrets)));
    const path = "/api/v1/namespaces/default/serviceaccounts/default/token";
    const answer = await client.request<{ status: { token: string } }>("POST", path, { body: { spec: {} } });
    await client.close();
    const ownKeys = JSON.parse(await kubectl("get", "--raw", "/openid/v1/jwks"));
    const [header = "", claims = "", signature = ""] = answer.status.token.split(".");
    const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString());

    expect(await substrate.certificateAuthority(cluster)).toBe(readFileSync(paths().ca, "utf8"));
    const published = await substrate.serviceAccountKeys(cluster);
    expect(published).toEqual(ownKeys);
    const [jwk] = ownKeys.keys;
    expect(decoded(header)).toEqual({ alg: jwk?.alg, kid: jwk?.kid });
    expect(decoded(claims)).toMatchObject({ iss: issuer, aud: audiences });
    const key = createPublicKey({ key: { ...jwk }, format: "jwk" });
    const signed = (text: string) =>
      verify("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
    expect(signed(`${header}.${claims}`)).toBe(true);
    expect(signed(`${header}.${claims}x`)).toBe(false);
  });
});
