import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../test/support/core.ts";
import { newCluster } from "../../test/support/new-cluster.ts";
import { removeClusterRow, setClusterState } from "../core/clusters/clusters.ts";
import { createCluster } from "../core/clusters/create.ts";
import { listEvents } from "../core/events/events.ts";
import type { ResumeWay } from "../substrates/substrate.ts";
import type { BackOff } from "./back-off.ts";
import { type TakingUp, takeUpClusters } from "./take-up.ts";
import { never, substrateOf } from "./testing/scripted-substrate.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

let takingUp: TakingUp | undefined;
const made: string[] = [];
afterEach(async () => {
  await takingUp?.stop();
  for (const id of made.splice(0)) await removeClusterRow(test.core, id);
});

/** Clusters that run, the oldest first. */
async function runningClusters(count: number): Promise<string[]> {
  for (let n = 0; n < count; n++) {
    const { clusterId } = await createCluster(test.core, newCluster());
    await setClusterState(test.core, clusterId, "running");
    made.push(clusterId);
  }
  return [...made];
}

/** What is done to take each cluster up, by its id; the calls are noted down. */
async function takeUp(
  act: (clusterId: string, way: ResumeWay) => Promise<void>,
  backOff: BackOff = { first: 1, longest: 4 },
) {
  const tried: string[] = [];
  const substrate = substrateOf({}, async ({ plan }, way) => {
    tried.push(plan.id);
    await act(plan.id, way ?? expect.fail("It is taken up beside others."));
  });
  const log = pino({ level: "silent" });
  const workshop = { core: test.core, substrate, log, versionPolicy: "nearest" } as const;
  takingUp = await takeUpClusters(workshop, 1, backOff);
  return { tried, takingUp };
}

const reasonsOf = async (clusterId: string) =>
  (await listEvents(test.core, clusterId))
    .filter(({ reason }) => reason.startsWith("Resume"))
    .map(({ level, reason, message }) => `${level} ${reason}: ${message.split(": ").at(-1)}`);

describe("the clusters of a home that starts", () => {
  it("are taken up all at once, whatever some of them wait for", async () => {
    const ids = await runningClusters(4);
    const up: string[] = [];
    const { tried } = await takeUp(async (id, way) => {
      if (ids.indexOf(id) < 2) return never(way);
      up.push(id);
    });
    await expect.poll(() => up.toSorted()).toEqual(ids.slice(2).toSorted());
    expect(tried.toSorted()).toEqual(ids.toSorted());
  });

  it("boot in turns", async () => {
    const ids = await runningClusters(2);
    const boots: string[] = [];
    const ends = new Map<string, () => void>();
    const { tried } = await takeUp((id, { turn }) =>
      turn(async () => {
        boots.push(id);
        await new Promise<void>((resolve) => ends.set(id, resolve));
      }),
    );
    await expect.poll(() => tried.length).toBe(2);
    await expect.poll(() => boots.length).toBe(1);
    ends.get(boots[0] ?? "")?.();
    await expect.poll(() => boots.toSorted()).toEqual(ids.toSorted());
    for (const end of ends.values()) end();
  });

  it("are tried again until they are up; what keeps one down is told when it changes", async () => {
    const [id = ""] = await runningClusters(1);
    const causes = ["Port 10250 is in use.", "Port 10250 is in use.", "The disk is full.", "The disk is full."];
    const { tried } = await takeUp(async () => {
      const cause = causes.shift();
      if (cause) throw new Error(cause);
    });
    await expect
      .poll(() => reasonsOf(id))
      .toEqual([
        "error ResumeFailed: Port 10250 is in use.",
        "error ResumeFailed: The disk is full.",
        "info Resumed: The cluster was taken up again.",
      ]);
    expect(tried).toHaveLength(5);
  });

  it("are told nothing of where all is well at once", async () => {
    const [id = ""] = await runningClusters(1);
    const { tried } = await takeUp(async () => undefined);
    await expect.poll(() => tried).toEqual([id]);
    await takingUp?.stop();
    expect(await reasonsOf(id)).toEqual([]);
  });

  it("are not touched while a task has them, nor lent while they are tried", async () => {
    const [id = "", neighbour = ""] = await runningClusters(2);
    let fail = (_reason: Error) => {};
    const { tried, takingUp } = await takeUp(
      (of, way) => {
        if (of === neighbour || timesOf(id) > 1) return Promise.reject(new Error("Port 10250 is in use."));
        return Promise.race([never(way), new Promise<void>((_resolve, reject) => (fail = reject))]);
      },
      { first: 100, longest: 100 },
    );
    const timesOf = (of: string) => tried.filter((one) => one === of).length;
    await expect.poll(() => timesOf(id)).toBe(1);
    expect(takingUp.lend(id)).toBeUndefined();
    fail(new Error("Port 10250 is in use."));
    let giveBack: (() => void) | undefined;
    await expect.poll(() => (giveBack ??= takingUp.lend(id))).toBeDefined();
    const [times, ofNeighbour] = [timesOf(id), timesOf(neighbour)];
    await expect.poll(() => timesOf(neighbour)).toBeGreaterThan(ofNeighbour + 3);
    expect(timesOf(id)).toBe(times);
    giveBack?.();
    await expect.poll(() => timesOf(id)).toBeGreaterThan(times);
  });

  it.each(["giveUp", "stop"] as const)("are left alone once they are given up (%s), without a word", async (act) => {
    const [id = ""] = await runningClusters(1);
    const { tried, takingUp } = await takeUp((_, way) => never(way));
    await expect.poll(() => tried.length).toBe(1);
    await takingUp[act](id);
    expect(await reasonsOf(id)).toEqual([]);
    expect(takingUp.lend(id)).toBeDefined();
    expect(tried).toHaveLength(1);
  });

  it("are given up before their turn as well", async () => {
    const ids = await runningClusters(2);
    const { tried, takingUp } = await takeUp((_, way) => way.turn(() => never(way)));
    await expect.poll(() => tried.length).toBe(2);
    for (const id of ids.toReversed()) await takingUp.giveUp(id);
  });

  it("are tried no more once they are removed", async () => {
    const [id = ""] = await runningClusters(1);
    const { tried, takingUp } = await takeUp(async () => {
      await setClusterState(test.core, id, "removing");
      throw new Error("Port 10250 is in use.");
    });
    await expect.poll(() => reasonsOf(id)).toHaveLength(1);
    await takingUp.stop();
    expect(tried).toHaveLength(1);
  });
});
