import { readFile } from "node:fs/promises";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installedDistribution } from "../../test/support/distribution.ts";
import { createApiClient } from "./client.ts";
import type { ControlPlaneMember } from "./control-plane.ts";
import { memberPaths } from "./member-paths.ts";
import {
  type CertificateAndKey,
  type CertificateAuthority,
  createCertificateAuthority,
  issueCertificate,
} from "./pki/certificates.ts";
import { loneControlPlane } from "./testing/lone-control-plane.ts";
import { type RunningControlPlane, startControlPlane, until } from "./testing/running-control-plane.ts";

const nodes = "/api/v1/nodes";

let proxyCa: CertificateAuthority;
let secondCa: CertificateAuthority;
let strangersCa: CertificateAuthority;
let plane: RunningControlPlane;

beforeAll(async () => {
  [proxyCa, secondCa, strangersCa] = (await Promise.all(
    ["proxy-ca", "second-proxy-ca", "strangers-ca"].map(createCertificateAuthority),
  )) as [CertificateAuthority, CertificateAuthority, CertificateAuthority];
});

const proxyCertificate = (ca: CertificateAuthority) =>
  issueCertificate(ca, { commonName: "any-name-at-all", usages: ["client"] });

/** What the API server answers to a proxy that says who sends the request. */
async function ask(
  { cert, key }: CertificateAndKey,
  headers: Record<string, string | string[]>,
): Promise<{ status: number; message: string }> {
  const { server, ca } = plane.admin;
  const dispatcher = new Agent({ allowH2: false, connect: { ca, cert, key } });
  try {
    const { statusCode, body } = await request(server + nodes, { headers, dispatcher });
    const { message = "" } = (await body.json()) as { message?: string };
    return { status: statusCode, message };
  } finally {
    await dispatcher.close();
  }
}

const alice = { "X-Remote-User": "alice" };
const refusal = (user: string) => ({
  status: 403,
  message: `nodes is forbidden: User "${user}" cannot list resource "nodes" in API group "" at the cluster scope`,
});

/** Lets somebody read everything. */
async function bind(name: string, kind: "User" | "Group"): Promise<void> {
  const client = createApiClient(plane.admin);
  const apiGroup = "rbac.authorization.k8s.io";
  const body = {
    metadata: { name: `${name}-reads` },
    roleRef: { apiGroup, kind: "ClusterRole", name: "system:controller:node-controller" },
    subjects: [{ apiGroup, kind, name }],
  };
  await client.request("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", { body });
  await client.close();
}

describe("an API server that trusts the CAs of authenticating proxies", () => {
  beforeAll(async () => {
    // As a file that somebody edited: notes and blank lines between two certificates.
    const authenticatingProxyCa = `\n${proxyCa.cert}\nthe second one:\r\n${secondCa.cert}\n\n`;
    plane = await startControlPlane(await installedDistribution(), (directory) =>
      loneControlPlane(directory, "127.64.247", { apiServer: { authenticatingProxyCa } }),
    );
  });
  afterAll(() => plane?.stop());

  it("takes a proxy's word for who asks, and refuses what that user may not do", async () => {
    expect(await ask(await proxyCertificate(proxyCa), alice)).toEqual(refusal("alice"));
    expect(await ask(await proxyCertificate(secondCa), alice)).toEqual(refusal("alice"));
  });

  it("lets a user do what a role binding allows", async () => {
    const proxy = await proxyCertificate(proxyCa);
    await bind("alice", "User");
    await until(async () => (await ask(proxy, alice)).status === 200 || undefined);
    expect(await ask(proxy, { "X-Remote-User": "bob" })).toEqual(refusal("bob"));
  });

  it("takes a proxy's word for the user's groups", async () => {
    const proxy = await proxyCertificate(proxyCa);
    const carol = { "X-Remote-User": "carol" };
    await bind("readers", "Group");
    await until(async () => {
      const { status } = await ask(proxy, { ...carol, "X-Remote-Group": ["writers", "readers"] });
      return status === 200 || undefined;
    });
    expect(await ask(proxy, carol)).toEqual(refusal("carol"));
  });

  it("refuses a proxy of another CA, whatever it says", async () => {
    expect(await ask(await proxyCertificate(strangersCa), alice)).toEqual({ status: 401, message: "Unauthorized" });
  });

  it("refuses a proxy that says nothing", async () => {
    expect(await ask(await proxyCertificate(proxyCa), {})).toEqual({ status: 401, message: "Unauthorized" });
  });

  it("does not take an ordinary user for a proxy", async () => {
    const { "ca.crt": cert, "ca.key": key } = plane.secrets;
    const mallory = await issueCertificate({ cert, key }, { commonName: "mallory", usages: ["client"] });
    expect(await ask(mallory, { "X-Remote-User": "kubernetes-admin", "X-Remote-Group": "system:masters" })).toEqual(
      refusal("mallory"),
    );
  });

  it("goes on believing its own aggregator, which others find the CA of, too", async () => {
    const paths = memberPaths((plane.controlPlane.members[0] as ControlPlaneMember).directory);
    const [cert, key] = await Promise.all([
      readFile(paths.frontProxyClientCert, "utf8"),
      readFile(paths.frontProxyClientKey, "utf8"),
    ]);
    expect(await ask({ cert, key }, { "X-Remote-User": "dora" })).toEqual(refusal("dora"));
    const client = createApiClient(plane.admin);
    const path = "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";
    const { data = {} } = await client.request<V1ConfigMap>("GET", path);
    await client.close();
    for (const ca of [plane.secrets["front-proxy-ca.crt"], proxyCa.cert, secondCa.cert])
      expect(data["requestheader-client-ca-file"]).toContain(ca.trim());
    expect(data["requestheader-allowed-names"]).toBe("[]");
  });
});

describe("an API server that was told of no proxy", () => {
  beforeAll(async () => {
    plane = await startControlPlane(await installedDistribution(), (directory) =>
      loneControlPlane(directory, "127.64.247"),
    );
  });
  afterAll(() => plane?.stop());

  it("refuses what another one would believe", async () => {
    expect(await ask(await proxyCertificate(proxyCa), alice)).toEqual({ status: 401, message: "Unauthorized" });
  });
});
