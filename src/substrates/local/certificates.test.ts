import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memberPaths } from "../../kubernetes/member-paths.ts";
import type { ClusterSecrets } from "../../kubernetes/pki/cluster-secrets.ts";
import type { ClusterPlan, SecretStore } from "../substrate.ts";
import { ensurePkiFiles, ensureSecrets, kubeletEndpoint, requireSecrets } from "./certificates.ts";
import { type ClusterSite, clusterSite } from "./cluster-site.ts";
import { examplePlan } from "./testing/example-plan.ts";

let home: string;
let site: ClusterSite;
let secrets: ClusterSecrets;
let store: SecretStore;
let plan: ClusterPlan;

function memoryStore(): SecretStore {
  const values = new Map<string, string>();
  return { get: async (name) => values.get(name), put: async (name, value) => void values.set(name, value) };
}

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-certificates-"));
  plan = examplePlan();
  site = clusterSite(home, plan, "127.64.5");
  store = memoryStore();
  secrets = await ensureSecrets(store);
});
afterEach(() => rm(home, { recursive: true }));

const member = () => join(site.folder, "member-1");
/** Every file with its content. */
const contents = () =>
  readdirSync(member(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => [path, readFileSync(path, "utf8")]);
const certificate = (name: "apiServerCert" | "ca") => new X509Certificate(readFileSync(memberPaths(member())[name]));

describe("the cluster's secrets", () => {
  test("are made once", async () => {
    expect(await ensureSecrets(store)).toEqual(secrets);
    expect(await requireSecrets(store)).toEqual(secrets);
  });

  test("are not made by a mere look at a cluster", async () => {
    const empty = memoryStore();
    await expect(requireSecrets(empty)).rejects.toThrow("The cluster has no certificates yet");
    expect(await empty.get("pki")).toBeUndefined();
  });
});

describe("the members' files", () => {
  test("are there, for their owner alone, and belong together", async () => {
    await ensurePkiFiles(site, secrets);
    const paths = memberPaths(member());
    for (const path of [paths.caKey, paths.apiServerKey, paths.serviceAccountKey, paths.controllerManagerKubeconfig])
      expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const folder of [member(), join(member(), "pki"), join(member(), "pki", "etcd")])
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(certificate("apiServerCert").checkIssued(certificate("ca"))).toBe(true);
    expect(certificate("apiServerCert").subjectAltName).toContain("DNS:api.example.com");
  });

  test("stay as they are when they are asked for again", async () => {
    await ensurePkiFiles(site, secrets);
    const before = contents();
    await ensurePkiFiles(site, secrets);
    expect(contents()).toEqual(before);
  });

  test("are made anew where their making was not completed", async () => {
    await ensurePkiFiles(site, secrets);
    rmSync(join(member(), "certificates.stamp"));
    writeFileSync(memberPaths(member()).apiServerKey, "half a k");
    await ensurePkiFiles(site, secrets);
    expect(certificate("apiServerCert").checkIssued(certificate("ca"))).toBe(true);
    expect(readFileSync(memberPaths(member()).apiServerKey, "utf8")).toContain("END PRIVATE KEY");
  });

  test("are made anew where the names in them have changed", async () => {
    await ensurePkiFiles(site, secrets);
    const changed = { ...plan, apiServer: { ...plan.apiServer, extraSans: ["other.example.com"] } };
    await ensurePkiFiles(clusterSite(home, changed, "127.64.5"), secrets);
    expect(certificate("apiServerCert").subjectAltName).toContain("DNS:other.example.com");
    expect(certificate("apiServerCert").subjectAltName).not.toContain("DNS:api.example.com");
  });
});

test("the simulated kubelets have a certificate for their address, of the cluster's own authority", async () => {
  const endpoint = await kubeletEndpoint(site, secrets);
  expect(endpoint).toMatchObject({ address: "127.64.5.2", port: 10250, tls: { clientCa: secrets["ca.crt"] } });
  const issued = new X509Certificate(endpoint.tls.cert);
  expect(issued.checkIP("127.64.5.2")).toBe("127.64.5.2");
  expect(issued.checkIssued(new X509Certificate(secrets["ca.crt"]))).toBe(true);
});
