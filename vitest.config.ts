import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { plainSummaryReporter } from "./test/support/plain-summary-reporter.ts";
import { type TestedVersion, takeVersionWish, testedVersions } from "./test/support/tested-versions.ts";

const integrationTests = "src/**/*.integration.test.ts";
const supportTests = "test/support/**/*.test.ts";

/** Long enough for a slow machine: a time-out is for tests that hang, and never decides how fast is fast enough. */
const unitTimeout = 120_000;
const pollTimeout = 60_000;
const e2eTimeout = 300_000;

/** A test that forgets to choose its own state must fail, not use the developer's. */
const noState = { SAMPAN_HOME: "/dev/null/each-test-chooses-its-own-home", SAMPAN_DATABASE_URL: "" };

/** End-to-end tests that tell most of a version of Kubernetes: what runs on versions other than the one that all run on. */
const versionTests = [
  "src/kubernetes/control-plane.integration.test.ts",
  "src/substrates/local/add-ons/apply.integration.test.ts",
  "test/ack-managed-cluster.test.ts",
  "test/ack-managed-effects.test.ts",
  "test/cce-cluster.test.ts",
];

/** The end-to-end tests on one version of Kubernetes, whatever else is installed. */
const onVersion = ({ version, all, directory }: TestedVersion, index: number) => ({
  extends: true as const,
  test: {
    name: all ? `e2e ${version}` : `e2e ${version} (part)`,
    include: all ? [integrationTests, "test/**/*.test.ts"] : versionTests,
    exclude: [supportTests],
    env: { ...noState, SAMPAN_DISTRIBUTION_DIR: directory },
    testTimeout: e2eTimeout,
    hookTimeout: e2eTimeout,
    // Each file boots control planes: more at once would wait for the processor, not for Sampan.
    maxWorkers: 2,
    // One version after the other: tests that look at all processes of this machine must not see those of another.
    sequence: { groupOrder: index + 1 },
  },
});

export default defineConfig(async () => ({
  test: {
    reporters: ["default", plainSummaryReporter()],
    projects: [
      {
        extends: true as const,
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
      ...(await testedVersions(takeVersionWish(process.env))).map(onVersion),
    ],
    env: noState,
    expect: { poll: { timeout: pollTimeout } },
    pool: "forks",
    isolate: true,
    retry: 0,
  },
}));
