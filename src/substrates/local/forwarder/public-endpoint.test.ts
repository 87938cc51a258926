import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { memberPorts } from "../../../kubernetes/control-plane.ts";
import { memberPaths } from "../../../kubernetes/member-paths.ts";
import type { ClusterPlan, ClusterRecord } from "../../substrate.ts";
import { threeMembers } from "../../testing/example-plan.ts";
import { withPlan } from "../../testing/file-record.ts";
import { clusterProcesses } from "../control-plane/cluster-processes.ts";
import { startProcess } from "../control-plane/processes.ts";
import { isFree } from "../network/loopback.ts";
import { requireSite } from "../site/site.ts";
import { readLocalState, saveLocalState } from "../state.ts";
import { createStageBench, type StageBench, stagePrograms } from "../testing/stage-bench.ts";

const creation = ["network", "distribution", "certificates", "etcd", "control-plane", "add-ons"];
const open = { shown: true, inKubeconfig: true, listens: true };
const closed = { shown: false, inKubeconfig: false, listens: false };

let bench: StageBench;
let cluster: ClusterRecord;
const occupants: Server[] = [];

beforeEach(async () => {
  bench = await createStageBench();
  const { healthyEtcd: etcd, healthyServer: server } = stagePrograms;
  bench.install({
    ...{ etcd, "kube-apiserver": server },
    ...{ "kube-controller-manager": server, "kube-scheduler": server },
  });
});
afterEach(async () => {
  leavePort();
  await bench.remove();
});

async function create(publicEndpoint: boolean, more: Partial<ClusterPlan> = {}): Promise<void> {
  cluster = bench.newCluster({ nodes: [], ...more });
  cluster = wanting(publicEndpoint);
  await bench.run(cluster, creation);
  // Where etcd, for which a program stands here, has its data.
  for (const { directory } of site().controlPlane.members) await mkdir(memberPaths(directory).etcdData);
}

const site = (publicEndpoint?: boolean) => requireSite(join(bench.folder, "home"), cluster, publicEndpoint);
const wanting = (publicEndpoint: boolean): ClusterRecord =>
  withPlan(cluster, { apiServer: { ...cluster.plan.apiServer, publicEndpoint } });

/** What a user asks for: it stays wanted, whether it comes about or not. @returns what the last stage says */
async function change(publicEndpoint: boolean): Promise<string | undefined> {
  cluster = wanting(publicEndpoint);
  for (const stage of bench.substrate.work.change) await stage.run(bench.context(cluster));
  return bench.messages.at(-1);
}

async function restart(): Promise<void> {
  await bench.restart();
  await bench.substrate.resume(cluster);
}

const endpoint = () => ({ address: `${readLocalState(cluster).network}.1`, port: memberPorts.apiServer });

async function state(): Promise<typeof open> {
  const { config } = await bench.substrate.kubeconfig(cluster, { lifetimeMinutes: 1, endpoint: "public" });
  return {
    shown: bench.substrate.describe(cluster.state).endpoints?.public !== undefined,
    inKubeconfig: config.includes(endpoint().address),
    listens: !(await isFree(endpoint())),
  };
}

const innerListens = async () =>
  !(await isFree({ address: site().controlPlane.endpointAddress, port: memberPorts.apiServer }));

async function occupyPort(): Promise<void> {
  const { address: host, port } = endpoint();
  const server = createServer().listen({ host, port });
  await once(server, "listening");
  occupants.push(server);
}

function leavePort(): void {
  for (const server of occupants.splice(0)) server.close();
}

/** A forwarder that a Sampan has started and then, being killed, left behind. */
async function leaveForwarder(publicEndpoint: boolean): Promise<void> {
  const distribution = bench.distributionOf("1.20.2");
  const nobody = { ca: "", cert: "", key: "" };
  const access = { ca: nobody, "etcd-ca": nobody };
  const [forwarder] = clusterProcesses({ site: site(publicEndpoint), distribution, access }, ["forwarder"]);
  if (forwarder === undefined) throw new Error("The cluster has no forwarder.");
  for (const file of ["logs", "run"]) await mkdir(join(forwarder.spec.folder, "endpoint", file), { recursive: true });
  await startProcess(forwarder.spec);
}

describe.each<[members: string, plan: Partial<ClusterPlan>]>([
  ["one member", {}],
  ["three members", threeMembers()],
])("the public endpoint of a cluster of %s", (_, plan) => {
  describe("that cannot be opened since its port is taken", () => {
    beforeEach(async () => {
      await create(false, plan);
      await occupyPort();
      await expect(change(true)).rejects.toThrow(/^endpoint forwarder does not start\..*EADDRINUSE/);
      leavePort();
    });

    test("is closed, and the inner one is there again", async () => {
      expect(await state()).toEqual(closed);
      await expect.poll(innerListens).toBe(true);
    });

    test("is closed after a restart of Sampan, too, and stays so where it is not wanted any more", async () => {
      await restart();
      expect(await state()).toEqual(closed);
      expect(await change(false)).toBe("It stays as it is.");
      expect(await state()).toEqual(closed);
    });
  });

  test("that a killed Sampan has opened without noting it down is closed by the next, until it is opened again", async () => {
    await create(false, plan);
    await bench.restart();
    await leaveForwarder(true);
    await expect.poll(() => isFree(endpoint())).toBe(false);
    cluster = wanting(true);
    await bench.substrate.resume(cluster);
    expect(await state()).toEqual(closed);
    await change(true);
    expect(await state()).toEqual(open);
  });

  test("that a killed Sampan has closed without noting it down is opened by the next, until it is closed again", async () => {
    await create(true, plan);
    await bench.restart();
    if (cluster.plan.members > 1) await leaveForwarder(false);
    cluster = wanting(false);
    await bench.substrate.resume(cluster);
    expect(await state()).toEqual(open);
    await change(false);
    expect(await state()).toEqual(closed);
  });
});

describe("the public endpoint", () => {
  test("that listens without being noted down goes with its cluster", async () => {
    await create(false);
    await leaveForwarder(true);
    const { address, port } = endpoint();
    await expect.poll(() => isFree({ address, port })).toBe(false);
    await bench.undoAll(cluster);
    expect(await isFree({ address, port })).toBe(true);
    expect(bench.substrate.describe(cluster.state).endpoints).toBeUndefined();
  });

  test("that could not be opened is opened by the next change", async () => {
    await create(false);
    await occupyPort();
    await expect(change(true)).rejects.toThrow("EADDRINUSE");
    leavePort();
    await change(true);
    expect(await state()).toEqual(open);
  });

  test.each([
    ["opened", false, closed],
    ["closed", true, open],
  ])(
    "that is not %s for good, since its change is cancelled before that is noted down, is what it was",
    async (_, before, expected) => {
      await create(before);
      const cancelled = new AbortController();
      const wanted = wanting(!before);
      wanted.saveState = async () => {
        cancelled.abort(new Error("cancelled"));
        throw cancelled.signal.reason;
      };
      const stage = bench.substrate.work.change.find(({ name }) => name === "public-endpoint");
      await expect(stage?.run(bench.context(wanted, cancelled.signal))).rejects.toThrow("cancelled");
      await expect.poll(state).toEqual(expected);
      await change(!before);
      expect(await state()).toEqual(before ? closed : open);
    },
  );

  test("that listens although it is noted down as closed is closed by the next change", async () => {
    await create(true);
    await saveLocalState(cluster, { publicEndpoint: false });
    expect(await change(false)).toBe("The API server has no public endpoint any more.");
    expect(await state()).toEqual(closed);
  });

  test("is what the certificate is good for already before it is opened, and after it is closed", async () => {
    await create(false);
    const { apiServerCert } = memberPaths(site().controlPlane.members[0]?.directory ?? "");
    const before = readFileSync(apiServerCert, "utf8");
    expect(new X509Certificate(before).checkIP(endpoint().address)).toBe(endpoint().address);
    await change(true);
    await change(false);
    expect(readFileSync(apiServerCert, "utf8")).toBe(before);
  });
});
