import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";

const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
const reporter = fileURLToPath(new URL("./plain-summary-reporter.ts", import.meta.url));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sampan-reporter-"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { plainSummaryReporter } from ${JSON.stringify(reporter)};
     export default { test: { globals: true, reporters: ["default", plainSummaryReporter()] } };`,
  );
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["all passed", 'test("a", () => {}); test("b", () => {});', "tests: 2 passed, 0 failed", 0],
  [
    "one of each",
    'test("a", () => {}); test("b", () => { throw new Error("no"); }); test.skip("c", () => {}); test.todo("d");',
    "tests: 1 passed, 1 failed, 2 skipped",
    1,
  ],
  ["a file that cannot be loaded", 'throw new Error("broken");', "tests: 0 passed, 1 failed", 1],
  [
    "a hook that fails",
    'describe("s", () => { beforeAll(() => { throw new Error("no"); }); test("a", () => {}); });',
    "tests: 0 passed, 1 failed, 1 skipped",
    1,
  ],
  [
    "a stray rejection",
    'test("a", async () => { Promise.reject(new Error("stray")); await new Promise(setImmediate); });',
    "tests: 1 passed, 1 failed",
    1,
  ],
  ["nothing but skipped tests", 'test.skip("a", () => {});', "tests: 0 passed, 0 failed, 1 skipped", 1],
])("%s", async (_name, source, lastLine, exitCode) => {
  writeFileSync(join(folder, "some.test.ts"), source);
  expect(await summaryOfRun()).toEqual({ lastLine, exitCode });
});

test("no test file at all", async () => {
  expect(await summaryOfRun()).toEqual({ lastLine: "tests: 0 passed, 0 failed", exitCode: 1 });
});

async function summaryOfRun() {
  const run = await execa(process.execPath, [vitest, "run", "--root", folder], { reject: false, all: true });
  return { lastLine: run.all?.trim().split("\n").at(-1), exitCode: run.exitCode };
}
