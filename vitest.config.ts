import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { plainSummaryReporter } from "./test/support/plain-summary-reporter.ts";

const INTEGRATION_TESTS = "src/**/*.integration.test.ts";
const SUPPORT_TESTS = "test/support/**/*.test.ts";

/** Long enough for a slow machine: a time-out is for tests that hang, and never decides how fast is fast enough. */
const UNIT_TIMEOUT = 120_000;
const POLL_TIMEOUT = 60_000;
const E2E_TIMEOUT = 300_000;

/** A test that forgets to choose its own state must fail, not use the developer's. */
const NO_STATE = { SAMPAN_HOME: "/dev/null/each-test-chooses-its-own-home", SAMPAN_DATABASE_URL: "" };

export default defineConfig({
  test: {
    reporters: ["default", plainSummaryReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "scripts/**/*.test.ts", "bench/**/*.test.ts", SUPPORT_TESTS],
          exclude: [INTEGRATION_TESTS],
          testTimeout: UNIT_TIMEOUT,
          hookTimeout: UNIT_TIMEOUT,
          // Vitest would leave one processor free, which is half of a small machine.
          maxWorkers: availableParallelism(),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: [INTEGRATION_TESTS, "test/**/*.test.ts"],
          exclude: [SUPPORT_TESTS],
          globalSetup: ["test/support/ensure-distribution.ts"],
          testTimeout: E2E_TIMEOUT,
          hookTimeout: E2E_TIMEOUT,
          // Each file boots control planes: more at once would wait for the processor, not for Sampan.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    env: NO_STATE,
    expect: { poll: { timeout: POLL_TIMEOUT } },
    pool: "forks",
    isolate: true,
    retry: 0,
  },
});
