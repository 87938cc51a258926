import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, type ResultPromise } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { distributionSettings } from "./support/distribution.ts";
import { eventually } from "./support/eventually.ts";
import { processesNaming } from "./support/processes.ts";
import { claimsOf } from "./support/service.ts";

/** Everything that the demo writes goes there. */
let folder: string;
let demo: ResultPromise<{ all: true; reject: false; stdin: "ignore" }>;
let output: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-demo-test-")));
  output = "";
  demo = execa("npm", ["run", "demo"], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    // npm would keep a cache of its own in the temporary folder.
    env: { ...distributionSettings, TMPDIR: folder, SAMPAN_PORT: "0", NODE_DISABLE_COMPILE_CACHE: "1" },
    stdin: "ignore",
    all: true,
    reject: false,
    // A process group of its own, as a shell gives it, so that a Ctrl-C can be sent to it.
    detached: true,
  });
  demo.all.on("data", (data) => {
    output += data;
  });
});

afterEach(async () => {
  await interrupt("SIGTERM");
  await demo;
  await rm(folder, { recursive: true, force: true });
});

test("shows a cluster of three nodes whose pods run, goes on serving, and leaves nothing behind on Ctrl-C", async () => {
  await until(/goes on serving/);
  expect(output.match(/^aliyun\.com\S+ +Ready /gm)).toHaveLength(3);
  expect(output.match(/^web-\S+ +1\/1 +Running /gm)).toHaveLength(3);

  const [, kubeconfig = ""] = /export KUBECONFIG=(\S+)/.exec(output) ?? [];
  const [, kubectl = ""] = /^ +(\S+\/kubectl) get pods/m.exec(output) ?? [];
  const { stdout } = await execa(kubectl, ["get", "deployment", "web", "--no-headers"], {
    env: { KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig) },
  });
  expect(stdout).toMatch(/^web +3\/3 /);
  const [, url = ""] = /serves at (http:\S+)/.exec(output) ?? [];
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  await interrupt("SIGINT");
  expect((await demo).exitCode, output).toBe(0);
  expect(output).toContain("Nothing is left behind.");
  expect(await leftovers()).toEqual({ files: [], processes: [], claims: [] });
});

test.each([
  ["while Sampan starts", /Start Sampan/],
  ["while the control plane boots", /Waiting for the API server/],
])("leaves nothing behind on Ctrl-C %s", async (_when, line) => {
  await until(line);
  await interrupt("SIGINT");
  expect((await demo).exitCode, output).toBe(0);
  expect(await leftovers()).toEqual({ files: [], processes: [], claims: [] });
});

/** Waits for a line of the demo; fails at once where it has ended. */
async function until(line: RegExp): Promise<void> {
  const ended = demo.then(() => {
    throw new Error(`The demo ended:\n${output}`);
  });
  await Promise.race([ended, eventually(() => expect(output).toMatch(line))]);
}

/** Sends a signal to everything that the demo's shell would: npm, the bootstrap and the demo. */
async function interrupt(signal: NodeJS.Signals): Promise<void> {
  try {
    process.kill(-(demo.pid ?? 0), signal);
  } catch {
    // It has ended.
  }
}

async function leftovers() {
  return { files: await readdir(folder), processes: processesNaming(folder), claims: await claimsOf(folder) };
}
