import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiClient, createApiClient } from "../../../kubernetes/client.ts";
import type { ComponentName } from "../../../kubernetes/components/command.ts";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import { issueHealthAccess } from "../../../kubernetes/pki/health-access.ts";
import { isSameProcess } from "../../../machine/processes.ts";
import type { ClusterRecord, Substrate } from "../../substrate.ts";
import { threeMembers } from "../../testing/example-plan.ts";
import { openRecordFile } from "../../testing/file-record.ts";
import { undosOf } from "../../undos.ts";
import { ownAccess, requireSecrets } from "../certificates/secrets.ts";
import { requireSite } from "../site/site.ts";
import type { DoomedOptions } from "../testing/doomed-sampan.ts";
import { etcdOf } from "../testing/etcd.ts";
import {
  componentNames,
  createTestHome,
  distribution,
  networkOf,
  patience,
  readyNodes,
  runStages,
  type TestHome,
} from "../testing/real-clusters.ts";
import { checkHealth } from "./health.ts";

/** One cluster of three members lives through these tests. The Sampan that made it was killed as soon as it was made. */
const program = fileURLToPath(new URL("../testing/doomed-sampan.ts", import.meta.url));
const members = ["member-1", "member-2", "member-3"] as const;
const ofMember = componentNames.filter((component) => component !== "forwarder");
const everything = [
  ...componentNames,
  ...["member-2", "member-3"].flatMap((member) => ofMember.map((name) => `${member}/${name}`)),
];

let home: TestHome;
let made: { id: string; record: string };
let substrate: Substrate;
let cluster: ClusterRecord;
let client: ApiClient;

beforeAll(async () => {
  home = await createTestHome();
  made = home.newCluster(threeMembers());
  const doom = { message: "3 nodes are Ready." };
  const options: DoomedOptions = {
    home: home.path,
    distribution,
    record: made.record,
    firstStage: "network",
    doom,
  };
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "ignore", "inherit"] });
  expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
  cluster = openRecordFile(made.record);
  client = createApiClient(await ownAccess(site(), await requireSecrets(cluster.secrets)));
});

afterAll(async () => {
  await client?.close();
  await home.remove();
});

const site = () => requireSite(home.path, cluster);
const kubectl = (...args: string[]) => home.kubectl(substrate, cluster, ...args);
const names = async () => (await home.processes(made.id)).map(({ component }) => component);
/** The name that a process has in {@link TestHome.processes}. */
const nameOf = (member: string, component: string) => (member === "member-1" ? component : `${member}/${component}`);

/** Returns once they are gone: on a busy machine a process that was killed is there for a moment. */
async function kill(wanted: readonly string[]): Promise<number[]> {
  const victims = (await home.processes(made.id)).filter(({ component }) => wanted.includes(component));
  expect(victims.map(({ component }) => component).toSorted()).toEqual(wanted.toSorted());
  for (const { identity } of victims) process.kill(identity.pid, "SIGKILL");
  await expect.poll(() => victims.some(({ identity }) => isSameProcess(identity)), patience).toBe(false);
  return victims.map(({ identity }) => identity.pid);
}

async function write(name: string): Promise<string> {
  const body = { metadata: { name }, data: { kept: "yes" } };
  await client.request("POST", "/api/v1/namespaces/default/configmaps", { body, timeoutMs: 2_000 });
  return "written";
}

/** Whether every component of every member answers as healthy. */
async function everythingHealthy(): Promise<boolean> {
  const access = await issueHealthAccess(await requireSecrets(cluster.secrets));
  const checks = site().controlPlane.members.flatMap((member) =>
    ofMember.map((name) =>
      checkHealth(name as ComponentName, member, "ready", access, AbortSignal.timeout(5_000)).then(() => true),
    ),
  );
  return Promise.all(checks).then(
    () => true,
    () => false,
  );
}

async function untilEverythingIsBack(): Promise<void> {
  await expect.poll(names, patience).toEqual(everything.toSorted((one, other) => one.localeCompare(other)));
  await expect.poll(everythingHealthy, patience).toBe(true);
}

describe("when Sampan is killed", () => {
  test("three members and the forwarder go on", async () => {
    expect(await names()).toEqual(everything.toSorted((one, other) => one.localeCompare(other)));
    expect(await everythingHealthy()).toBe(true);
    expect(await write("without-sampan")).toBe("written");
  });

  test("the next one adopts them without a restart", async () => {
    const before = await home.processes(made.id);
    substrate = home.newSubstrate();
    await substrate.resume(cluster);
    expect(await home.processes(made.id)).toEqual(before);
    await expect.poll(() => readyNodes(substrate, cluster), patience).toBe(3);
    await home.expectEverythingWorks(substrate, cluster, "adopted");
  });
});

test("etcd has a member for each, and the service kubernetes an address", async () => {
  expect(await (await etcdOf(home.path, cluster)).members()).toEqual([...members]);
  const addresses = () => kubectl("get", "endpoints", "kubernetes", "-o", "jsonpath={..ip}");
  await expect.poll(addresses, patience).toBe("192.168.0.11 192.168.0.12 192.168.0.13");
});

test("it is reached at both endpoints", async () => {
  const network = networkOf(cluster);
  expect(substrate.describe(cluster.state).endpoints).toEqual({
    public: `https://${network}.1:6443`,
    intranet: `https://${network}.3:6443`,
  });
  expect(await kubectl("get", "--raw", "/readyz")).toBe("ok");
  expect(await client.request("GET", "/readyz")).toBe("ok");
});

test.each(members)("when all processes of %s are killed, writes go on, and it comes back by itself", async (member) => {
  const before = await kill(ofMember.map((component) => nameOf(member, component)));
  await expect.poll(() => write(`after-${member}`).catch(String), patience).toBe("written");
  await untilEverythingIsBack();
  const pids = (await home.processes(made.id)).map(({ identity }) => identity.pid);
  expect(pids.filter((pid) => before.includes(pid))).toEqual([]);
  expect(await kubectl("get", "configmap", `after-${member}`, "-o", "jsonpath={.data.kept}")).toBe("yes");
  await expect.poll(() => readyNodes(substrate, cluster), patience).toBe(3);
  const messages = home.events.map(([, , , message]) => message);
  for (const component of ofMember)
    expect(messages).toContainEqual(
      expect.stringMatching(`^${component} of ${member} ended \\(.*\\).* It is started again.$`),
    );
});

test("the forwarder comes back after a kill -9, and nodes and users with it", async () => {
  const [before] = await kill(["forwarder"]);
  await expect.poll(names, patience).toContain("forwarder");
  expect((await home.processes(made.id)).map(({ identity }) => identity.pid)).not.toContain(before);
  await expect.poll(() => kubectl("get", "--raw", "/readyz").catch(String), patience).toBe("ok");
  await home.expectEverythingWorks(substrate, cluster, "after-forwarder");
});

describe.each([
  ["kube-controller-manager", memberPorts.controllerManager],
  ["kube-scheduler", memberPorts.scheduler],
] as const)("%s", (component, port) => {
  /** The members that say that they lead. */
  async function leaders(): Promise<string[]> {
    const { ca: access } = await issueHealthAccess(await requireSecrets(cluster.secrets));
    const leading = site().controlPlane.members.map(async ({ name, address }) => {
      const asked = createApiClient({ ...access, server: `https://${address}:${port}` });
      const metrics = await asked.request<string>("GET", "/metrics").finally(() => asked.close());
      return metrics.includes(`leader_election_master_status{name="${component}"} 1`) ? [name] : [];
    });
    return (await Promise.all(leading)).flat();
  }
  const holder = () => kubectl("-n", "kube-system", "get", "lease", component, "-o", "jsonpath={.spec.holderIdentity}");

  test("has one leader, and another when that one's process dies", async () => {
    await expect.poll(async () => (await leaders()).length, patience).toBe(1);
    const [before, [leader = ""]] = [await holder(), await leaders()];
    await kill([nameOf(leader, component)]);
    await expect.poll(holder, patience).not.toBe(before);
    await expect.poll(() => leaders().catch(() => []), patience).toHaveLength(1);
    await home.expectEverythingWorks(substrate, cluster, `after-${component}`);
  });
});

test("a normal stop ends every process, and the next start brings members and data back", async () => {
  await substrate.suspend();
  expect(await names()).toEqual([]);
  substrate = home.newSubstrate();
  await substrate.resume(cluster);
  await untilEverythingIsBack();
  expect(await kubectl("get", "configmap", "without-sampan", "-o", "jsonpath={.data.kept}")).toBe("yes");
  await expect.poll(() => readyNodes(substrate, cluster), patience).toBe(3);
  await home.expectEverythingWorks(substrate, cluster, "after-resume");
});

test("removal leaves nothing behind", async () => {
  const network = networkOf(cluster);
  await runStages(undosOf(substrate.work.create), home.context(cluster));
  await home.expectNothingLeft(made.id, network);
});
