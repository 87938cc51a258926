import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { componentProcesses } from "./support/processes.ts";
import { sendRaw } from "./support/raw-client.ts";
import { scriptedDistribution } from "./support/scripted-distribution.ts";
import { type Accepted, type AckBody, endOf } from "./support/sdk.ts";
import { startService, type TestService } from "./support/service.ts";

let service: TestService;

beforeAll(async () => {
  service = await startService(async (folder) => ({
    SAMPAN_DISTRIBUTION_DIR: join(folder, "cache"),
    SAMPAN_DISTRIBUTION_PATH: await scriptedDistribution(join(folder, "executables"), {
      "kube-apiserver": { run: "exec sleep 86400" },
    }),
    SAMPAN_CONCURRENT_TASKS: "16",
  }));
});

afterAll(() => service?.dispose());

/** A dedicated cluster that its API server does not let come to life within a minute. */
const body = (name: string, further: AckBody): AckBody => ({
  name,
  cluster_type: "Kubernetes",
  region_id: "cn-beijing",
  vpcid: "vpc-own",
  container_cidr: "10.20.0.0/16",
  service_cidr: "10.96.0.0/20",
  master_vswitch_ids: ["vsw-own"],
  master_system_disk_category: "cloud_ssd",
  master_system_disk_size: 120,
  key_pair: "own-key",
  timeout_mins: 1,
  ...further,
});

async function create(name: string, further: AckBody = {}): Promise<Accepted> {
  const text = JSON.stringify(body(name, further));
  const { status, json } = await sendRaw(service, { method: "POST", path: "/clusters", body: text });
  expect(status, JSON.stringify(json)).toBe(200);
  return { clusterId: String(json?.cluster_id), taskId: String(json?.task_id) };
}

const foldersOf = async ({ clusterId }: Accepted) =>
  (await readdir(join(service.home, "clusters"))).filter((name) => name === clusterId.slice(1));

const componentsOf = ({ clusterId }: Accepted) =>
  componentProcesses(service.home).filter(({ cluster }) => cluster === clusterId.slice(1));

describe("a dedicated cluster that is not there within timeout_mins", () => {
  let removed: Accepted;
  let kept: Accepted;

  beforeAll(async () => {
    [removed, kept] = [await create("removed"), await create("kept", { disable_rollback: false })];
  });

  test("is rolled back, as it is by default: nothing is left but the task, which says so", async () => {
    expect(await endOf(service.client, removed)).toMatchObject({
      state: "fail",
      error: { message: expect.stringMatching(/timeout_mins.*What had been made was removed again/s) },
    });
    expect((await sendRaw(service, { path: `/clusters/${removed.clusterId}` })).status).toBe(404);
    expect([await foldersOf(removed), componentsOf(removed)]).toEqual([[], []]);
  });

  test("stays as failed with disable_rollback false, and its log says why", async () => {
    expect(await endOf(service.client, kept)).toMatchObject({ state: "fail" });
    const { json } = await sendRaw(service, { path: `/clusters/${kept.clusterId}` });
    expect(json).toMatchObject({ state: "failed", parameters: { TimeoutMins: "1", RollbackOnFailure: "false" } });
    const { text } = await sendRaw(service, { path: `/clusters/${kept.clusterId}/logs` });
    expect(text).toMatch(/TaskFailed: .*timeout_mins/);
    await eventually(async () => expect(await foldersOf(kept)).toHaveLength(1));
  });
});
