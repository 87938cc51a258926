import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { plainSummaryReporter } from "./test/support/plain-summary-reporter.ts";

const integrationTests = "src/**/*.integration.test.ts";
const supportTests = "test/support/**/*.test.ts";

/** Long enough for a slow machine: a time-out is for tests that hang, and never decides how fast is fast enough. */
const unitTimeout = 120_000;
const pollTimeout = 60_000;
const e2eTimeout = 300_000;

/** A test that forgets to choose its own state must fail, not use the developer's. */
const noState = { SAMPAN_HOME: "/dev/null/each-test-chooses-its-own-home", SAMPAN_DATABASE_URL: "" };

export default defineConfig({
  test: {
    reporters: ["default", plainSummaryReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts", supportTests],
          exclude: [integrationTests],
          testTimeout: unitTimeout,
          hookTimeout: unitTimeout,
          // Vitest would leave one processor free, which is half of a small machine.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [integrationTests, "test/**/*.test.ts"],
          exclude: [supportTests],
          globalSetup: ["test/support/ensure-distribution.ts"],
          testTimeout: e2eTimeout,
          hookTimeout: e2eTimeout,
          // Each file boots control planes: more at once would wait for the processor, not for Sampan.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    env: noState,
    expect: { poll: { timeout: pollTimeout } },
    pool: "forks",
    isolate: true,
    retry: 0,
  },
});
