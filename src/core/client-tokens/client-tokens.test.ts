import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore } from "../../../test/support/core.ts";
import { clientTokens } from "../../storage/schema.ts";
import { clientTokenLife, forgetExpiredClientTokens, type NamedRequest, onceByToken } from "./client-tokens.ts";

let test: TestCore;
beforeAll(async () => {
  test = await createTestCore();
});
afterAll(() => test.close());

const now = new Date("2026-01-02T03:04:05Z");
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
let tokens = 0;
const newRequest = (change: Partial<NamedRequest> = {}): NamedRequest => ({
  accountId: "default",
  operation: "ack.CreateCluster",
  token: `ct-${tokens++}`,
  content: { name: "a", pools: [{ size: 1, tags: [] }] },
  ...change,
});

/** Asks for something that counts how often it is done. */
function counter() {
  let done = 0;
  const ask = (request: NamedRequest, at = now) =>
    onceByToken(test.core, request, async () => ({ answer: ++done }), at);
  return { ask, done: () => done };
}

describe("a request with a client's token", () => {
  it("is done once, also of several at the same moment, and has one answer", async () => {
    const { ask, done } = counter();
    const request = newRequest();
    const answers = await Promise.all([1, 2, 3].map(() => ask(request)));
    const reordered = { ...request, content: { pools: [{ tags: [], size: 1 }], name: "a" } };
    expect([...answers, await ask(reordered)]).toEqual(Array(4).fill({ answer: 1 }));
    expect(done()).toBe(1);
  });

  it.each([
    ["another token", { token: "ct-other" }],
    ["another operation", { operation: "ack.UpgradeCluster" }],
  ])("is another one with %s", async (_what, change) => {
    const { ask, done } = counter();
    const request = newRequest();
    await ask(request);
    await ask({ ...request, ...change });
    expect(done()).toBe(2);
  });

  it("is refused where the token stands for another content", async () => {
    const { ask, done } = counter();
    const request = newRequest();
    await ask(request);
    const changed = ask({ ...request, content: { name: "a", pools: [{ size: 2, tags: [] }] } });
    await expect(changed).rejects.toThrow(expect.objectContaining({ name: "ClientTokenReusedError" }));
    expect(done()).toBe(1);
  });

  it("leaves its token free when it fails, and nothing of what it did", async () => {
    const { ask, done } = counter();
    const request = newRequest();
    const inner = newRequest();
    const failing = onceByToken(test.core, request, async (inside) => {
      await onceByToken(inside, inner, async () => ({ answer: 0 }), now);
      throw new Error("no room");
    });
    await expect(failing).rejects.toThrow("no room");
    expect([await ask(request), await ask(inner)]).toEqual([{ answer: 1 }, { answer: 2 }]);
    expect(done()).toBe(2);
  });

  it("is done anew after 24 hours, whether the old token was removed or not", async () => {
    const { ask } = counter();
    const request = newRequest();
    await ask(request);
    expect(await ask(request, later(clientTokenLife))).toEqual({ answer: 1 });
    expect(await ask(request, later(clientTokenLife + 1))).toEqual({ answer: 2 });
    await forgetExpiredClientTokens(test.core, later(3 * clientTokenLife));
    expect(await test.core.db.select().from(clientTokens)).toEqual([]);
  });

  it("is kept as nothing that a password in it could be found out from", async () => {
    const { ask } = counter();
    const content = { login_password: "Hunter2!" };
    for (const request of [newRequest({ content }), newRequest({ content })]) await ask(request);
    const digests = (await test.core.db.select().from(clientTokens)).map(({ digest }) => digest);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
