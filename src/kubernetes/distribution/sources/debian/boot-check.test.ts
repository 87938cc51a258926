import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isSameProcess, processIdentity } from "../../../../machine/processes.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { bootCheck } from "./boot-check.ts";

/** Long enough for a busy machine; only a test that hangs waits so long. */
const wait = { timeout: 60_000 };

/** A folder with an etcd that runs until it is ended, noting its pid, and an API server of this script. */
function executablesWith(apiServer: string) {
  const folder = temporaryFolder();
  const pidFile = join(folder, "pid");
  const executables = { etcd: join(folder, "etcd"), "kube-apiserver": join(folder, "kube-apiserver") };
  writeFileSync(
    executables.etcd,
    `#!/bin/sh\necho $$ > ${pidFile}.new\nmv ${pidFile}.new ${pidFile}\nexec tail -f /dev/null\n`,
    { mode: 0o755 },
  );
  writeFileSync(executables["kube-apiserver"], `#!/bin/sh\n${apiServer}\n`, { mode: 0o755 });
  return { executables, pidFile, data: join(folder, "data") };
}

test("an API server that ends fails the check, with the end of its output", async () => {
  const { executables, data } = executablesWith("echo panic: reflect2 is broken >&2; exit 2");
  await expect(bootCheck(executables, data)).rejects.toThrow(
    /the built API server did not take an object \(.*panic: reflect2 is broken/,
  );
});

test("abort ends what was started, and rejects with its reason", async () => {
  const { executables, pidFile, data } = executablesWith("exec tail -f /dev/null");
  const controller = new AbortController();
  const checking = bootCheck(executables, data, controller.signal);
  await expect.poll(() => existsSync(pidFile), wait).toBe(true);
  const etcd = processIdentity(Number(readFileSync(pidFile, "utf8")));
  expect(etcd).toBeDefined();
  controller.abort(new Error("the task was cancelled"));
  await expect(checking).rejects.toThrow("the task was cancelled");
  expect(etcd && isSameProcess(etcd)).toBe(false);
});
