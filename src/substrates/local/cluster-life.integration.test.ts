import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClusterRecord, Substrate } from "../substrate.ts";
import { openRecordFile } from "../testing/file-record.ts";
import { undosOf } from "../undos.ts";
import { clusterFolder } from "./site/site.ts";
import {
  componentNames,
  createTestHome,
  networkOf,
  patience,
  readyNodes,
  runStages,
  type TestHome,
} from "./testing/real-clusters.ts";

/** One cluster lives through these tests, from the first to the last. */
let home: TestHome;
let substrate: Substrate;
let cluster: ClusterRecord;
let id: string;
let network: string;
let socketsBefore: number;

beforeAll(async () => {
  home = await createTestHome();
  const made = home.newCluster({ version: "1.0" });
  id = made.id;
  cluster = openRecordFile(made.record);
  substrate = home.newSubstrate();
  socketsBefore = openSockets();
});

afterAll(() => home.remove());

const kubectl = (...args: string[]) => home.kubectl(substrate, cluster, ...args);
const keptValue = (name: string) => kubectl("get", "configmap", name, "-o", "jsonpath={.data.kept}");

/** Number of sockets that this process has open. */
function openSockets(): number {
  const targets = readdirSync("/proc/self/fd").map((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`);
    } catch {
      // Closed meanwhile: the one that the folder itself was read through.
      return "";
    }
  });
  return targets.filter((target) => target.startsWith("socket:")).length;
}

test("this machine can run a cluster", async () => {
  await expect(substrate.preflight()).resolves.toBeUndefined();
  await expect(substrate.kubeconfig(cluster, { lifetimeMinutes: undefined, endpoint: "public" })).rejects.toThrow(
    "has no addresses on this machine",
  );
});

test("a creation that is cancelled in the middle leaves the stage with the signal's reason", async () => {
  const cancel = new AbortController();
  const context = home.context(cluster, {
    signal: cancel.signal,
    report: (message) => message === "Waiting for the API server." && cancel.abort(new Error("cancelled by the user")),
  });
  await expect(runStages(substrate.work.create, context)).rejects.toThrow("cancelled by the user");
});

test("and goes on where it was, without starting anything twice", async () => {
  const [etcd] = await home.processes(id);
  await runStages(substrate.work.create, home.context(cluster), "control-plane");
  const running = await home.processes(id);
  expect(running.map(({ component }) => component)).toEqual(componentNames);
  expect(running[0]).toEqual(etcd);
  network = networkOf(cluster);
});

test("kubectl sees the planned nodes, and the API server under its VPC address", async () => {
  const nodes = await kubectl("get", "nodes", "--no-headers");
  expect(nodes.split("\n").map((line) => line.split(/\s+/).slice(0, 2))).toEqual([
    ["cn-beijing.192.168.0.21", "Ready"],
    ["cn-beijing.192.168.0.22", "Ready"],
    ["cn-beijing.192.168.0.23", "Ready"],
  ]);
  expect(await kubectl("get", "endpoints", "kubernetes", "-o", "jsonpath={..ip}")).toBe("192.168.0.11");
  expect(substrate.describe(cluster.state).endpoints).toEqual({
    public: `https://${network}.1:6443`,
    intranet: `https://${network}.3:6443`,
  });
  expect(await readyNodes(substrate, cluster)).toBe(3);
});

test("the user was told once that another version runs than was asked for", () => {
  const differing = home.events.filter(([, , reason]) => reason === "VersionDiffers");
  const { runningVersion } = substrate.describe(cluster.state);
  const sentence = `Kubernetes 1.0 was asked for and is not installed on this machine: the cluster runs ${runningVersion}, the nearest version that is.`;
  expect(differing).toEqual([[id, "warning", "VersionDiffers", sentence]]);
});

test("the kubeconfig ends when it was asked to, or after three years", async () => {
  const hours = async (lifetimeMinutes: number | undefined) => {
    const { expiration } = await substrate.kubeconfig(cluster, { lifetimeMinutes, endpoint: "public" });
    return Math.round((expiration.getTime() - Date.now()) / 3_600_000);
  };
  expect(await hours(120)).toBe(2);
  expect(await hours(undefined)).toBe(3 * 365 * 24);
});

test("its files are its owner's alone, and no secret is in an argument or in the environment", async () => {
  const folder = clusterFolder(home.path, id);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  expect(paths.filter((path) => (statSync(path).mode & 0o077) !== 0)).toEqual([]);
  for (const { identity } of await home.processes(id)) {
    const shown = ["cmdline", "environ"].map((name) => readFileSync(`/proc/${identity.pid}/${name}`, "utf8")).join();
    expect(shown).not.toContain("PRIVATE KEY");
    expect(shown).not.toMatch(/SAMPAN_(?!COMPONENT)/);
  }
});

test("running all stages again changes nothing", async () => {
  const before = await home.processes(id);
  const state = { ...cluster.state };
  await runStages(substrate.work.create, home.context(cluster));
  expect(await home.processes(id)).toEqual(before);
  expect(cluster.state).toEqual(state);
});

test.each(componentNames)("%s comes back after a kill -9, and no data is lost", async (component) => {
  await kubectl("create", "configmap", `before-${component}`, "--from-literal=kept=yes");
  const before = await home.processes(id);
  const victim = before.find((one) => one.component === component) ?? expect.fail(`${component} does not run`);
  process.kill(victim.identity.pid, "SIGKILL");
  await expect
    .poll(async () => (await home.processes(id)).filter((one) => one.component === component), patience)
    .toEqual([{ component, identity: expect.not.objectContaining({ pid: victim.identity.pid }) }]);
  await expect.poll(() => kubectl("get", "--raw", "/readyz").catch(String), patience).toBe("ok");
  await home.expectEverythingWorks(substrate, cluster, `after-${component}`);
  expect(await keptValue(`before-${component}`)).toBe("yes");
  const messages = home.events.map(([, , , message]) => message);
  expect(messages).toContainEqual(
    expect.stringMatching(`^(endpoint )?${component} ended \\(signal SIGKILL\\).* It is started again.$`),
  );
});

test("a normal stop ends every process, and the next start brings the data back", async () => {
  await substrate.suspend();
  expect(await home.processes(id)).toEqual([]);
  await expect(substrate.resume(cluster)).rejects.toThrow("Sampan is stopping");

  substrate = home.newSubstrate();
  const data = join(clusterFolder(home.path, id), "member-1", "etcd");
  await rename(data, `${data}.elsewhere`);
  await expect(substrate.resume(cluster)).rejects.toThrow(`Its data is gone: there is no ${data}.`);
  expect(await home.processes(id)).toEqual([]);
  await rename(`${data}.elsewhere`, data);

  await substrate.resume(cluster);
  expect((await home.processes(id)).map(({ component }) => component)).toEqual(componentNames);
  await expect.poll(() => readyNodes(substrate, cluster), patience).toBe(3);
  expect(await keptValue("before-etcd")).toBe("yes");
  await home.expectEverythingWorks(substrate, cluster, "after-resume");
});

test("undoing the stages, last one first, leaves nothing behind, and can be done twice", async () => {
  const context = home.context(cluster);
  const undos = undosOf(substrate.work.create);
  for (const stage of [...undos, ...undos]) await stage.run(context);
  await home.expectNothingLeft(id, network);
  expect(substrate.describe(cluster.state).endpoints).toBeUndefined();
  await expect.poll(openSockets).toBeLessThanOrEqual(socketsBefore);
});
