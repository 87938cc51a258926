import { expect, test } from "vitest";
import { createStartGate } from "./start-gate.ts";

test("work goes through an open gate, and its failure comes back", async () => {
  const gate = createStartGate();
  expect(await gate.pass(async () => "done")).toBe("done");
  await expect(gate.pass(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("closing waits for what is under way and lets nothing through any more", async () => {
  const gate = createStartGate();
  const work = Promise.withResolvers<void>();
  const order: string[] = [];
  const passing = gate.pass(() => work.promise).then(() => order.push("work"));
  const closing = gate.close().then(() => order.push("closed"));
  expect(gate.signal.aborted).toBe(true);
  await expect(gate.pass(async () => order.push("late"))).rejects.toThrow("Sampan is stopping");
  work.resolve();
  await Promise.all([passing, closing]);
  expect(order).toEqual(["work", "closed"]);
});

test("work that fails does not keep the gate from closing", async () => {
  const gate = createStartGate();
  const work = Promise.withResolvers<void>();
  const passing = gate.pass(() => work.promise);
  const closing = gate.close();
  work.reject(new Error("broken"));
  await expect(passing).rejects.toThrow("broken");
  await expect(closing).resolves.toBeUndefined();
});
