import { expect, test } from "vitest";
import { processIdentity } from "../../machine/processes.ts";
import { runCommand } from "./run-command.ts";

/** Long enough for a busy machine; only a test that hangs waits so long. */
const wait = { timeout: 60_000 };

test("gives the lines of standard output and standard error, also as they come", async () => {
  const seen: string[] = [];
  const lines = await runCommand("sh", ["-c", "echo one; echo two >&2"], { onLine: (line) => seen.push(line) });
  expect(lines.toSorted()).toEqual(["one", "two"]);
  expect(seen).toEqual(lines);
});

test("the environment is just what is given", async () => {
  const lines = await runCommand("/usr/bin/env", [], { env: { ONLY: "this" } });
  expect(lines).toEqual(["ONLY=this"]);
});

test.each([
  ["a bad end", "sh", ["-c", "echo no space left; exit 7"], "sh -c failed with exit code 7: no space left"],
  ["a silent bad end", "false", [], "false failed with exit code 1"],
  ["a killed command", "sh", ["-c", "kill -9 $$"], "sh -c was ended by SIGKILL"],
])("%s is an error that says so", async (_, file, args, message) => {
  await expect(runCommand(file, args)).rejects.toThrow(message);
});

test("a command that is not there is an error that says so", async () => {
  await expect(runCommand("/nowhere/at-all", [])).rejects.toThrow("/nowhere/at-all could not be started");
});

test("a command that takes too long is ended", async () => {
  await expect(runCommand("tail", ["-f", "/dev/null"], { timeoutMs: 50 })).rejects.toThrow("did not end within 0.05 s");
});

test("abort ends the command and what it started, also what ignores SIGTERM politely asked", async () => {
  const controller = new AbortController();
  const pids: number[] = [];
  const script = "tail -f /dev/null & echo $!; sh -c 'trap \"\" TERM; echo $$; tail -f /dev/null & wait; wait'";
  const running = runCommand("sh", ["-c", script], {
    signal: controller.signal,
    onLine: (line) => {
      pids.push(Number(line));
      if (pids.length === 2) controller.abort(new Error("enough"));
    },
  });
  await expect(running).rejects.toThrow("enough");
  expect(pids).toHaveLength(2);
  await expect.poll(() => pids.map((pid) => processIdentity(pid)), wait).toEqual([undefined, undefined]);
});

test("an aborted signal starts nothing", async () => {
  await expect(runCommand("true", [], { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
    "too late",
  );
});

test("a command speaks English, whatever the user's language", async () => {
  expect(await runCommand("printenv", ["LC_ALL"])).toEqual(["C.UTF-8"]);
});
