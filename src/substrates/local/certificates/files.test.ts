import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { memberPaths } from "../../../kubernetes/member-paths.ts";
import { type ClusterSecrets, createClusterSecrets } from "../../../kubernetes/pki/cluster-secrets.ts";
import type { ClusterPlan } from "../../substrate.ts";
import { examplePlan } from "../../testing/example-plan.ts";
import { type ClusterSite, clusterSite } from "../site/site.ts";
import { ensurePkiFiles } from "./files.ts";

let home: string;
let plan: ClusterPlan;
let site: ClusterSite;
let secrets: ClusterSecrets;

beforeAll(async () => {
  secrets = await createClusterSecrets();
});
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "sampan-certificates-"));
  plan = examplePlan();
  site = clusterSite(home, plan, "127.64.5");
});
afterEach(() => rm(home, { recursive: true }));

const member = () => join(site.folder, "member-1");
/** Every file with its content, by its path below the member's folder. */
const contents = () =>
  new Map(
    readdirSync(member(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [path.slice(member().length + 1), readFileSync(path, "utf8")]),
  );
const certificate = (name: "apiServerCert" | "ca") => new X509Certificate(readFileSync(memberPaths(member())[name]));

/** The files that are others than before once the cluster's API server is to be like this. */
async function changedFiles(apiServer: Partial<ClusterPlan["apiServer"]>): Promise<string[]> {
  await ensurePkiFiles(site, secrets);
  const before = contents();
  const changed = { ...plan, apiServer: { ...plan.apiServer, ...apiServer } };
  await ensurePkiFiles(clusterSite(home, changed, "127.64.5"), secrets);
  return [...contents()].flatMap(([path, content]) => (before.get(path) === content ? [] : [path]));
}

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

  test("are made anew where an earlier Sampan made them", async () => {
    await ensurePkiFiles(site, secrets);
    const before = contents();
    writeFileSync(join(member(), "certificates.stamp"), "0".repeat(64));
    await ensurePkiFiles(site, secrets);
    expect(contents().get("pki/etcd/server.crt")).not.toBe(before.get("pki/etcd/server.crt"));
  });

  test("of the serving certificate alone are made anew where names in it have changed", async () => {
    const changed = await changedFiles({ extraSans: ["other.example.com"] });
    expect(changed).toEqual(["certificates.stamp", "pki/apiserver.crt", "pki/apiserver.key"]);
    expect(certificate("apiServerCert").subjectAltName).toContain("DNS:other.example.com");
    expect(certificate("apiServerCert").subjectAltName).not.toContain("DNS:api.example.com");
  });

  test("stay as they are where the public endpoint goes: the certificate is good for it either way", async () => {
    expect(await changedFiles({ publicEndpoint: false })).toEqual([]);
    expect(certificate("apiServerCert").checkIP("127.64.5.1")).toBe("127.64.5.1");
  });

  test("of the configuration alone are made anew where that has changed", async () => {
    const changed = await changedFiles({ authenticatingProxyCa: "A CERTIFICATE" });
    expect(changed).toEqual(["certificates.stamp", "pki/request-header-ca.crt"]);
    expect(contents().get("pki/request-header-ca.crt")).toBe(`${secrets["front-proxy-ca.crt"]}A CERTIFICATE\n`);
  });
});
