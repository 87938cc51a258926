import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { withMachineLock } from "./lock.ts";

const long = 60_000;

/** A process of its own that takes the lock, says so, and keeps it. */
async function startHolder(name: string) {
  const module = JSON.stringify(new URL("./lock.ts", import.meta.url).href);
  const code = `
    const { withMachineLock } = await import(${module});
    await withMachineLock(${JSON.stringify(name)}, 10000, () => new Promise((resolve) => {
      console.log("held");
      setInterval(() => {}, 1000);
      process.stdin.once("data", resolve);
    }));
    process.exit();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["pipe", "pipe", "inherit"] });
  await once(child.stdout, "data");
  return child;
}

test("work under one name never overlaps", async () => {
  const name = randomUUID();
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      withMachineLock(name, long, async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
      }),
    ),
  );
  expect(most).toBe(1);
});

test("different names do not wait for each other", async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const inner = await withMachineLock(one, long, () => withMachineLock(other, long, async () => "inside both"));
  expect(inner).toBe("inside both");
});

test("a failure of the work is passed on and frees the lock", async () => {
  const name = randomUUID();
  await expect(withMachineLock(name, long, () => Promise.reject(new Error("the work failed")))).rejects.toThrow(
    "the work failed",
  );
  expect(await withMachineLock(name, 0, async () => "free")).toBe("free");
});

test("another process that holds the lock is waited for until the deadline, and the error says what to do", async () => {
  const name = randomUUID();
  const holder = await startHolder(name);
  await expect(withMachineLock(name, 50, async () => "never")).rejects.toThrow("is a Sampan stopped (state T in ps)?");
  const waiting = withMachineLock(name, long, async () => "after it");
  holder.stdin.write("let go\n");
  expect(await waiting).toBe("after it");
  if (holder.exitCode === null) await once(holder, "exit");
});

test("a holder that is killed leaves no lock behind", async () => {
  const name = randomUUID();
  const holder = await startHolder(name);
  holder.kill("SIGKILL");
  await once(holder, "exit");
  expect(await withMachineLock(name, 0, async () => "free")).toBe("free");
});
