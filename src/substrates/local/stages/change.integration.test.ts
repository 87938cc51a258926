import { once } from "node:events";
import tls from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiClient } from "../../../kubernetes/client.ts";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import type { ClusterPlan, ClusterRecord, Substrate } from "../../substrate.ts";
import { examplePlan, threeMembers } from "../../testing/example-plan.ts";
import { openRecordFile, withPlan } from "../../testing/file-record.ts";
import { requireSecrets } from "../certificates/secrets.ts";
import { isFree } from "../network/loopback.ts";
import { requireSite } from "../site/site.ts";
import { createTestHome, networkOf, patience, readyNodes, runStages, type TestHome } from "../testing/real-clusters.ts";

const { content } = examplePlan();
const corefileOf = "# mine";

/** A cluster that runs, and what a test does with it. */
async function startCluster(shape: Partial<ClusterPlan>) {
  const home: TestHome = await createTestHome();
  const addons = [{ name: "coredns", version: "v1", config: {} }];
  let cluster: ClusterRecord = openRecordFile(home.newCluster({ ...shape, content: { ...content, addons } }).record);
  let substrate: Substrate = home.newSubstrate();
  await runStages(substrate.work.create, home.context(cluster));
  const kubectl = (...args: string[]) => home.kubectl(substrate, cluster, ...args);
  const patch = JSON.stringify({ data: { Corefile: corefileOf } });
  await kubectl("-n", "kube-system", "patch", "configmap", "coredns", "-p", patch);
  return {
    home,
    kubectl,
    get cluster() {
      return cluster;
    },
    get substrate() {
      return substrate;
    },
    processes: () => home.processes(cluster.plan.id),
    isReady: () =>
      substrate.isReady({ ...cluster, state: cluster.state, id: cluster.plan.id, members: cluster.plan.members }),
    /** @returns what the stages said */
    async change(plan: Partial<ClusterPlan>): Promise<string[]> {
      const messages: string[] = [];
      cluster = withPlan(cluster, plan);
      const report = (message: string) => messages.push(message);
      await runStages(substrate.work.change, home.context(cluster, { report }));
      return messages;
    },
    /** Which of the names each member's certificate is good for. */
    async servedNames(names: readonly string[]): Promise<string[][]> {
      const ca = (await requireSecrets(cluster.secrets))["ca.crt"];
      const { members } = requireSite(home.path, cluster).controlPlane;
      return Promise.all(
        members.map(async ({ apiServerAddress: host }) => {
          const socket = tls.connect({ host, port: memberPorts.apiServer, ca });
          await once(socket, "secureConnect");
          const certificate = socket.getPeerCertificate();
          socket.destroy();
          return names.filter((name) => tls.checkServerIdentity(name, certificate) === undefined);
        }),
      );
    },
    async restart(): Promise<void> {
      await substrate.suspend();
      substrate = home.newSubstrate();
      await substrate.resume(cluster);
    },
  };
}

type TestCluster = Awaited<ReturnType<typeof startCluster>>;

/** Clusters of one and of three members have their plans changed, step by step, both at the same time: an API server takes up to a minute to take a new certificate up. */
describe("running clusters of one and of three members", () => {
  let clusters: TestCluster[];
  beforeAll(async () => {
    clusters = await Promise.all([startCluster({}), startCluster(threeMembers())]);
  });
  afterAll(() => Promise.all((clusters ?? []).map(({ home }) => home.remove())));

  const each = (check: (cluster: TestCluster) => Promise<void>) => Promise.all(clusters.map(check));

  test("are ready with each of their members, and unready with one that hangs", () =>
    each(async (one) => {
      expect(await one.isReady()).toBe(true);
      const hanging = (await one.processes()).findLast(({ component }) => component.endsWith("kube-apiserver"));
      process.kill(hanging?.identity.pid ?? 0, "SIGSTOP");
      expect(await one.isReady()).toBe(false);
      process.kill(hanging?.identity.pid ?? 0, "SIGCONT");
      await expect.poll(() => one.isReady(), patience).toBe(true);
    }));

  test("give an administrator a certificate that both endpoints take", () =>
    each(async ({ substrate, cluster }) => {
      const { endpoints, ...access } = await substrate.adminAccess(cluster, { lifetimeMinutes: 60 });
      const network = networkOf(cluster);
      expect(endpoints).toEqual({ public: `https://${network}.1:6443`, intranet: `https://${network}.3:6443` });
      for (const server of [endpoints.public ?? "", endpoints.intranet]) {
        const client = createApiClient({ server, ...access });
        expect(await client.request("GET", "/api/v1/nodes")).toMatchObject({ kind: "NodeList" });
        await client.close();
      }
    }));

  test("stay untouched where nothing has changed", () =>
    each(async (one) => {
      const before = await one.processes();
      expect(await one.change({})).toEqual(["Nothing in it has to change.", "It stays as it is."]);
      expect(await one.processes()).toEqual(before);
    }));

  test("show their new name and description, and leave alone what users have changed", () =>
    each(async (one) => {
      const changed = {
        ...one.cluster.plan.content,
        description: "for tests",
        labels: { team: "blue" },
      };
      expect(await one.change({ name: "renamed", content: changed })).toEqual([
        "1 of 1 objects are in place.",
        "It stays as it is.",
      ]);
      const shown = JSON.parse(
        await one.kubectl("-n", "kube-system", "get", "configmap", "cluster-info", "-o", "json"),
      );
      expect(shown).toMatchObject({
        metadata: { labels: { team: "blue" } },
        data: { name: "renamed", description: "for tests" },
      });
      const corefile = ["get", "configmap", "coredns", "-o", "jsonpath={.data.Corefile}"];
      expect(await one.kubectl("-n", "kube-system", ...corefile)).toBe(corefileOf);
    }));

  test("lose what is taken away again", () =>
    each(async (one) => {
      const { description, labels, ...changed } = one.cluster.plan.content;
      await one.change({ content: { ...changed, description: "", labels: {} } });
      const shown = JSON.parse(
        await one.kubectl("-n", "kube-system", "get", "configmap", "cluster-info", "-o", "json"),
      );
      expect(shown.data).not.toHaveProperty("description");
      expect(shown.metadata.labels).not.toHaveProperty("team");
    }));

  test("have their public endpoint closed", () =>
    each(async (one) => {
      const endpoint = { address: `${networkOf(one.cluster)}.1`, port: memberPorts.apiServer };
      await one.change({ apiServer: { ...one.cluster.plan.apiServer, publicEndpoint: false } });
      expect(await isFree(endpoint)).toBe(true);
      const forwarders = (await one.processes()).filter(({ component }) => component === "forwarder");
      expect(forwarders).toHaveLength(one.cluster.plan.members > 1 ? 1 : 0);
      expect((await one.substrate.adminAccess(one.cluster, { lifetimeMinutes: 1 })).endpoints.public).toBeUndefined();
      expect(await one.kubectl("get", "--raw", "/readyz")).toBe("ok");
    }));

  test("present a certificate with new names and for the endpoint that is open again, without a restart of any component", () =>
    each(async (one) => {
      const components = async () => (await one.processes()).filter(({ component }) => component !== "forwarder");
      const before = await components();
      const names = ["api.example.com", "other.example.com", "203.0.113.9"];
      expect(new Set((await one.servedNames(names)).flat())).toEqual(new Set(["api.example.com"]));
      const extraSans = ["other.example.com", "203.0.113.9"];
      await one.change({ apiServer: { ...one.cluster.plan.apiServer, extraSans, publicEndpoint: true } });
      for (const served of await one.servedNames(names)) expect(served).toEqual(extraSans);
      expect(await components()).toEqual(before);
      expect(await isFree({ address: `${networkOf(one.cluster)}.1`, port: memberPorts.apiServer })).toBe(false);
      // Through the public endpoint, whose certificate kubectl checks.
      expect(await one.kubectl("get", "--raw", "/readyz")).toBe("ok");
      await expect.poll(() => readyNodes(one.substrate, one.cluster), patience).toBe(3);
    }));

  test("come up with all of it after a stop", () =>
    each(async (one) => {
      await one.restart();
      for (const served of await one.servedNames(["other.example.com"])) expect(served).toEqual(["other.example.com"]);
      expect(await one.change({})).toEqual(["Nothing in it has to change.", "It stays as it is."]);
      await one.home.expectEverythingWorks(one.substrate, one.cluster, "after-changes");
    }));
});
