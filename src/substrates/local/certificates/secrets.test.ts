import { X509Certificate } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { ClusterSecrets } from "../../../kubernetes/pki/cluster-secrets.ts";
import type { SecretStore } from "../../substrate.ts";
import { examplePlan } from "../../testing/example-plan.ts";
import { type ClusterSite, clusterSite } from "../site/site.ts";
import { ensureSecrets, kubeletEndpoint, requireSecrets } from "./secrets.ts";

let site: ClusterSite;
let secrets: ClusterSecrets;
let store: SecretStore;

function memoryStore(): SecretStore {
  const values = new Map<string, string>();
  return { get: async (name) => values.get(name), put: async (name, value) => void values.set(name, value) };
}

beforeEach(async () => {
  site = clusterSite("/home", examplePlan(), "127.64.5");
  store = memoryStore();
  secrets = await ensureSecrets(store);
});

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

test("the simulated kubelets have a certificate for their address, of the cluster's own authority", async () => {
  const endpoint = await kubeletEndpoint(site, secrets);
  expect(endpoint).toMatchObject({ address: "127.64.5.2", port: 10250, tls: { clientCa: secrets["ca.crt"] } });
  const issued = new X509Certificate(endpoint.tls.cert);
  expect(issued.checkIP("127.64.5.2")).toBe("127.64.5.2");
  expect(issued.checkIssued(new X509Certificate(secrets["ca.crt"]))).toBe(true);
});
