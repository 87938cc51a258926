import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createStops, type StopStep, stopSteps } from "./stop.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const steps = Object.keys(stopSteps) as StopStep[];
const never = () => new Promise<void>(() => undefined);

/** Stops whose log is at hand. */
function loggedStops() {
  const lines: { step: string; msg: string; err: { message: string } }[] = [];
  const stops = createStops(pino({ level: "info" }, { write: (line) => void lines.push(JSON.parse(line)) }));
  return { stops, lines };
}

describe("a stop", () => {
  it("takes less than 15 s, whatever its steps wait for", async () => {
    expect(Object.values(stopSteps).reduce((sum, most) => sum + most, 0)).toBeLessThan(14_500);
    const { stops, lines } = loggedStops();
    for (const step of steps) stops.add(step, never);
    const stopped = stops.run();
    await vi.advanceTimersByTimeAsync(14_500);
    expect(await stopped).toEqual(steps);
    expect(lines.map(({ step, msg, err }) => [step, msg, err.message])).toEqual(
      steps.map((step) => [
        step,
        `The stop goes on without its step ${step}.`,
        `It was not done within ${stopSteps[step]} ms.`,
      ]),
    );
  });

  it("goes by the order of the table, each step once the one before is done, and only through what was started", async () => {
    const { stops } = loggedStops();
    const order: string[] = [];
    for (const step of ["home", "api", "database", "tasks"] as const)
      stops.add(step, async () => {
        order.push(`${step} begins`);
        await vi.advanceTimersByTimeAsync(50);
        order.push(`${step} is done`);
      });
    expect(await stops.run(["tasks"])).toEqual([]);
    expect(order).toEqual(["api", "database", "home"].flatMap((step) => [`${step} begins`, `${step} is done`]));
  });

  it("goes on after a step that fails, and tells of it by name", async () => {
    const { stops, lines } = loggedStops();
    const home = vi.fn();
    stops.add("queue", () => Promise.reject(new Error("The database does not answer.")));
    stops.add("database", () => {
      throw new Error("It is closed.");
    });
    stops.add("home", home);
    expect(await stops.run()).toEqual(["queue", "database"]);
    expect(lines.map(({ step, err }) => [step, err.message])).toEqual([
      ["queue", "The database does not answer."],
      ["database", "It is closed."],
    ]);
    expect(home).toHaveBeenCalledOnce();
  });

  it("tells a step to hurry before it is given up", async () => {
    const { stops } = loggedStops();
    stops.add("clusters", (hurry) => new Promise<void>((resolve) => hurry.addEventListener("abort", () => resolve())));
    const stopped = stops.run();
    await vi.advanceTimersByTimeAsync(stopSteps.clusters - 1);
    expect(await stopped).toEqual([]);
  });
});
