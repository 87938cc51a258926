import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes } from "../../../../../test/support/ack-routes.ts";
import { createTestCore, type TestCore } from "../../../../../test/support/core.ts";
import { getCluster, listClusters, removeClusterRow } from "../../../../core/clusters/clusters.ts";
import { listEvents } from "../../../../core/events/events.ts";
import { listNodePools, listNodes } from "../../../../core/nodes/nodes.ts";
import { listResources } from "../../../../core/resources/resources.ts";
import { findTask } from "../../../../core/tasks/tasks.ts";
import { fromAckClusterId } from "../to-wire.ts";
import { createClusterRoute } from "./route.ts";

type Body = Record<string, unknown>;

const readSample = (path: string): Body =>
  JSON.parse(readFileSync(new URL(`../../../../../${path}`, import.meta.url), "utf8"));
const samples = ["examples/ack-managed-cluster.json", "examples/ack-dedicated-cluster.json"].map(readSample);
const [managed = {}] = samples;

let test: TestCore;
let routes: RoutesUnderTest;
beforeAll(async () => {
  test = await createTestCore();
  routes = await serveRoutes(createClusterRoute, { core: test.core });
});
afterAll(async () => {
  await routes.close();
  await test.close();
});

/** Sends a body; what it makes is gone again afterwards, so that networks do not fill up. */
async function create(body: Body, served = routes) {
  const answer = await served.post("/clusters", body);
  const json = answer.body as { cluster_id: string; task_id: string; message: string };
  const id = fromAckClusterId(json.cluster_id ?? "");
  const made = id === undefined ? undefined : await madeBy(id, json.task_id);
  if (id) await removeClusterRow(test.core, id);
  return { status: answer.status, message: json.message, made };
}

/** Everything that a creation leaves in the database. */
async function madeBy(id: string, taskId: string) {
  const cluster = await getCluster(test.core, id);
  const [pools, nodes, resources, events, task] = await Promise.all([
    listNodePools(test.core, id),
    listNodes(test.core, id),
    listResources(test.core, id),
    listEvents(test.core, id),
    findTask(test.core, "default", taskId),
  ]);
  return { cluster, pools, nodes, resources, events, task };
}

describe("as many nodes as one request may ask for", () => {
  it("are planned: each with its address, and what a cloud makes for it", async () => {
    const vswitch = (n: number) => ({
      vswitch_ids: [`vsw-many-${n}`],
      data_disks: [{ size: 40 }],
      instance_types: ["ecs.c6.large"],
    });
    const { status, message, made } = await create({
      ...{ name: "many", cluster_type: "ManagedKubernetes", region_id: "cn-beijing", vpcid: "vpc-many" },
      ...{
        vswitch_ids: ["vsw-many-0"],
        container_cidr: "172.16.0.0/14",
        service_cidr: "10.0.0.0/20",
        node_cidr_mask: "24",
      },
      nodepools: Array.from({ length: 10 }, (_, n) => ({ count: 100, scaling_group: vswitch(n) })),
    });
    expect(message).toBeUndefined();
    expect(status).toBe(200);
    expect(new Set(made?.nodes.map(({ address }) => address)).size).toBe(1000);
    expect(made?.nodes.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
    expect(made?.resources.filter(({ kind }) => kind === "disk")).toHaveLength(2000);
  });
});

describe("a sample of the documents", () => {
  it.each(samples)("is accepted as it stands ($cluster_type)", async (sample) => {
    const { status, made } = await create(sample);
    expect(status).toBe(200);
    expect(made?.task).toMatchObject({ kind: "cluster-create", state: "queued" });
    expect(made?.resources.length).toBeGreaterThan(10);
  });
});

describe("a client token", () => {
  const body = { ...managed, name: "by-token", client_token: "ct-1" };
  const post = (changes: object = {}) => routes.post("/clusters", { ...body, ...changes });
  const ids = ({ body: answer }: { body: unknown }) => {
    const { cluster_id, task_id } = answer as Body;
    return { cluster_id, task_id };
  };

  it("makes one cluster of a request that is sent again, also at once", async () => {
    const [first, ...others] = await Promise.all([post(), post(), post()]);
    const again = await routes.post("/clusters", Object.fromEntries(Object.entries(body).toReversed()));
    for (const answer of [...others, again]) expect(ids(answer)).toEqual(ids(first as typeof again));
    const { clusters } = await listClusters(test.core, "default", { namePart: "by-token" });
    expect(clusters.map(({ spec }) => spec.vendorId)).toEqual([ids(again).cluster_id]);
    for (const { id } of clusters) await removeClusterRow(test.core, id);
  });

  it("is refused for another request", async () => {
    const { status, body: answer } = await post({ name: "another" });
    expect(status).toBe(400);
    expect(answer).toMatchObject({
      code: "IdempotentParameterMismatch",
      message: expect.stringContaining("The client token ct-1 was used for another request already."),
    });
    expect((await listClusters(test.core, "default", { namePart: "another" })).total).toBe(0);
  });

  it("that is empty names nothing, and has 64 characters at most", async () => {
    const empty = { ...managed, client_token: "" };
    const made = [await create(empty), await create(empty)].map((answer) => answer.made?.cluster?.id);
    expect(new Set(made).size).toBe(2);
    expect(await create({ ...managed, client_token: "x".repeat(65) })).toMatchObject({ status: 400 });
  });
});

describe("what looks like a credential", () => {
  const key = `-----BEGIN ${"PRIVATE"} KEY-----\nHunter2!\n-----END ${"PRIVATE"} KEY-----`;
  const config = JSON.stringify({ IngressSlbNetworkType: "internet", auth: { AccessKeySecret: "Hunter2!" } });

  it("is kept nowhere in clear, in whatever member it comes, and told in no message", async () => {
    const { made, message: none } = await create({
      ...managed,
      accessKeyId: "Hunter2!",
      accessKeySecret: "Hunter2!",
      user_ca: key,
      options: [{ deep: { password: "Hunter2!" } }],
      addons: [{ name: "flannel" }, { name: "nginx-ingress-controller", config }],
    });
    expect(none).toBeUndefined();
    expect(JSON.stringify(made)).not.toContain("Hunter2!");
    expect(made?.cluster?.request).toMatchObject({
      accessKeyId: "******",
      options: [{ deep: { password: "******" } }],
    });
    const { message } = await create({ ...managed, proxy_mode: key, options: { token: "Hunter2!" }, runtime: config });
    expect(message).toContain("proxy_mode");
    expect(message).not.toContain("Hunter2!");
  });
});

describe("a version", () => {
  it.each(["1.16.9-aliyun.1", "1.18.8", "1.20", "1.32.1-aliyun.1"])("%s is accepted", async (kubernetesVersion) => {
    expect(await create({ ...managed, kubernetes_version: kubernetesVersion })).toMatchObject({ status: 200 });
  });

  it("that is not in the catalogue is taken, and an event has the list", async () => {
    const { status, made } = await create({ ...managed, kubernetes_version: "1.99.0" });
    expect(status).toBe(200);
    expect(made?.events.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^Version 1\.99\.0 is not a known version, .*1\.18\.8-aliyun\.1/),
    );
  });

  it("that is none is refused by its form, once", async () => {
    const { message } = await create({ ...managed, kubernetes_version: "latest" });
    expect(message.match(/kubernetes_version/g)).toHaveLength(1);
  });
});

describe("what is wrong with a request", () => {
  it("is all told at once: wrong types, broken rules and missing parameters", async () => {
    const { status, message } = await create({
      ...managed,
      num_of_nodes: "three",
      login_password: "short",
      vpcid: undefined,
      addons: [{ name: "flannel" }, { name: "no such add-on" }],
    });
    expect(status).toBe(400);
    for (const parameter of ["num_of_nodes", "login_password", "vpcid", "addons[1].name"])
      expect(message).toContain(parameter);
    expect(message).not.toContain("short");
  });

  it("in its networks is told by the parameter that names them", async () => {
    // Registers the VPC, whose range follows from what is free beside the request's.
    const known = { ...managed, vpcid: "vpc-known", vswitch_ids: ["vsw-known"], security_group_id: undefined };
    await create(known);
    const overlapping = { ...known, container_cidr: "192.168.0.0/17" };
    expect((await create(overlapping)).message).toContain(
      'container_cidr "192.168.0.0/17" must not overlap VPC vpc-known (192.168.0.0/16)',
    );
    const elsewhere = { ...managed, vswitch_ids: ["vsw-known"] };
    expect((await create(elsewhere)).message).toContain('vswitch_ids[0] "vsw-known" is in VPC vpc-known');
  });

  it("may be a field that no document has, where it is told so; otherwise an event tells it", async () => {
    const body = { ...managed, no_such_field: 1 };
    const { made } = await create(body);
    expect(made?.events.map(({ message }) => message)).toContainEqual(expect.stringContaining("no_such_field"));
    const settings = { validation: "strict", inventory: "implicit", disableRollbackMeaning: "text" } as const;
    const strict = await serveRoutes(createClusterRoute, { core: test.core, settings });
    expect(await create(body, strict)).toMatchObject({
      status: 400,
      message: expect.stringContaining("no_such_field is not a known parameter"),
    });
    await strict.close();
  });
});

/** Every place in a body at which a value stands, as the steps that lead to it. */
function placesOf(value: unknown, steps: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [steps];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    placesOf(member, [...steps, Array.isArray(value) ? Number(name) : name]),
  );
  return steps.length > 0 ? [steps, ...inner] : inner;
}

/** The body with another value at a place; `undefined` leaves the member out. */
function replaced(value: unknown, [step, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (step === undefined) return by;
  if (Array.isArray(value)) return value.map((item, index) => (index === step ? replaced(item, rest, by) : item));
  const members = value as Body;
  return { ...members, [step]: replaced(members[step], rest, by) };
}

const anyValue = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom<unknown>("", "true", 0, -1, 40, 1e9, 1.5, null, true, [], {}, "10.0.0.0/8", "a b", "*", "\u0000"),
  fc.string({ unit: "grapheme" }),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
);

const mutatedBody = fc
  .constantFrom(...samples)
  .chain((sample) =>
    fc
      .array(fc.tuple(fc.constantFrom(...placesOf(sample)), anyValue), { minLength: 1, maxLength: 3 })
      .map((changes) => changes.reduce<unknown>((body, [place, by]) => replaceWhereThere(body, place, by), sample)),
  ) as fc.Arbitrary<Body>;

/** An earlier change may have taken the place away. */
function replaceWhereThere(body: unknown, place: readonly (string | number)[], by: unknown): unknown {
  const parent = place.slice(0, -1).reduce<unknown>((value, step) => (value as Body | undefined)?.[step], body);
  return typeof parent === "object" && parent !== null ? replaced(body, place, by) : body;
}

describe("a sample that is changed in any way", () => {
  it("makes a whole cluster or nothing, and is never the service's fault", { timeout: 240_000 }, async () => {
    const names = new Set(samples.flatMap((sample) => placesOf(sample).flatMap((steps) => steps.map(String))));
    await fc.assert(
      fc.asyncProperty(mutatedBody, async (body) => {
        const { status, message, made } = await create(body);
        if (status === 200) {
          const wanted = made?.pools.reduce((sum, { spec }) => sum + spec.size, 0);
          expect(made?.nodes).toHaveLength(wanted ?? -1);
          expect(made?.task?.state).toBe("queued");
          expect(made?.cluster?.spec.memberAddresses).toHaveLength(made?.cluster?.spec.members ?? -1);
        } else {
          expect([status, message]).toEqual([400, expect.stringMatching(/./)]);
          expect([...names].some((name) => /[a-z]/.test(name) && message.includes(name))).toBe(true);
          expect((await listClusters(test.core, "default", {})).total).toBe(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
