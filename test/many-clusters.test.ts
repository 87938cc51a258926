import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { kubectlFor } from "./support/kubectl.ts";
import { clusterListeners, componentProcesses, controlPlane } from "./support/processes.ts";
import {
  type Accepted,
  allClusters,
  createCluster,
  deleteCluster,
  oneNode,
  smallBody,
  successOf,
  task,
} from "./support/sdk.ts";
import { claimsOf, startService, type TestService } from "./support/service.ts";

const count = 10;
const atOnce = 2;

let service: TestService;
let asked: Accepted[];

beforeAll(async () => {
  service = await startService({ SAMPAN_CONCURRENT_TASKS: String(atOnce) });
});

afterAll(() => service?.dispose());

/** The tasks as they are now, in the order in which they were asked for. */
const tasks = () => Promise.all(asked.map(({ taskId }) => task(service.client, taskId)));

test("ten clusters asked for at once all come to run, two at a time, in the order of asking", {
  timeout: 900_000,
}, async () => {
  asked = [];
  for (let n = 0; n < count; n++)
    asked.push(await createCluster(service.client, smallBody(`one-of-${n}`, n % 2 === 0 ? {} : oneNode)));
  let mostAtOnce = 0;
  for (const accepted of asked) {
    await eventually(async () => {
      const states = (await tasks()).map(({ state }) => state);
      mostAtOnce = Math.max(mostAtOnce, states.filter((state) => state === "running").length);
      expect(states).not.toContain("fail");
      expect((await task(service.client, accepted.taskId)).state).toBe("success");
    });
  }
  expect(mostAtOnce).toBe(atOnce);
  const starts = (await tasks()).map(({ stages }) => stages?.[0]?.startTime ?? "");
  // Of two that begin together, either may be the first.
  for (const [index, start] of starts.slice(atOnce).entries()) expect(start > (starts[index] ?? "")).toBe(true);
});

test("each is a cluster of its own, with the nodes that were asked for", async () => {
  const clusters = await allClusters(service.client);
  expect(clusters.map(({ state }) => state)).toEqual(Array(count).fill("running"));
  expect(new Set(clusters.map(({ masterUrl }) => masterUrl)).size).toBe(count);
  expect(componentProcesses(service.home)).toHaveLength(controlPlane.length * count);
  for (const [n, { clusterId }] of asked.entries()) {
    const kubectl = await kubectlFor(service.client, clusterId, service.folder);
    const nodes = await kubectl.run(["get", "nodes", "-o", "name"]);
    expect(nodes.split("\n").filter((name) => name !== "")).toHaveLength(n % 2);
  }
});

test("all are deleted at once, and nothing is left", async () => {
  const networks = (await allClusters(service.client)).map(({ masterUrl = "" }) => {
    const { hostname } = new URL(JSON.parse(masterUrl).api_server_endpoint);
    return hostname.replace(/\d+$/, "");
  });
  const deletions = await Promise.all(asked.map(({ clusterId }) => deleteCluster(service.client, clusterId)));
  for (const deletion of deletions) await successOf(service.client, deletion);
  expect(await allClusters(service.client)).toEqual([]);
  expect(componentProcesses(service.home)).toEqual([]);
  expect(await claimsOf(service.home)).toEqual([]);
  expect(await readdir(join(service.home, "clusters"))).toEqual([]);
  expect(clusterListeners().filter((listener) => networks.some((network) => listener.startsWith(network)))).toEqual([]);
});
