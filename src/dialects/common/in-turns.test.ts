import { expect, it } from "vitest";
import { inTurns } from "./in-turns.ts";

const numbers = Array.from({ length: 120 }, (_, number) => number);

it("keeps the order of a list, and lets others have their turn between its parts", async () => {
  const seen: (number | "another's turn")[] = [];
  const results = inTurns(numbers, (number) => {
    seen.push(number);
    if (number % 50 === 0) setImmediate(() => seen.push("another's turn"));
    return -number;
  });
  expect(await results).toEqual(numbers.map((number) => -number));
  expect(seen.slice(49, 52)).toEqual([49, "another's turn", 50]);
  expect(seen.slice(100, 103)).toEqual([99, "another's turn", 100]);
});

it("has no item wait for what another one waits for", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const results = inTurns(numbers, (number) => {
    if (number === 119) resolve("the last one came");
    return number === 0 ? promise : "";
  });
  expect((await results)[0]).toBe("the last one came");
});

it("rejects with a failure", async () => {
  const failing = inTurns(numbers, async (number) => {
    if (number === 3) throw new Error("the fourth");
  });
  await expect(failing).rejects.toThrow("the fourth");
});
