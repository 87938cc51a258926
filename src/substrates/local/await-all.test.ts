import { expect, test } from "vitest";
import { awaitAll } from "./await-all.ts";

test("a failure is passed on only when everything is over", async () => {
  const slow = Promise.withResolvers<void>();
  let over = false;
  const all = awaitAll([Promise.reject(new Error("first")), slow.promise.then(() => (over = true))]);
  setImmediate(() => slow.resolve());
  await expect(all).rejects.toThrow("first");
  expect(over).toBe(true);
});

test("without a failure nothing is thrown", async () => {
  await expect(awaitAll([Promise.resolve(1), Promise.resolve(2)])).resolves.toBeUndefined();
  await expect(awaitAll([])).resolves.toBeUndefined();
});
