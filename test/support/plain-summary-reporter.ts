import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** How a run ended, for readers that know no test runner. */
interface Summary {
  passed: number;
  /** Failed tests, and files, hooks and stray promises that failed outside a test. */
  failed: number;
  skipped: number;
}

/**
 * Ends the output with one plain line, `tests: 12 passed, 0 failed`, and the run with a failure when no test ran:
 * Vitest itself is content when all are skipped.
 */
export function plainSummaryReporter(): Reporter {
  return {
    onTestRunEnd(modules, unhandledErrors) {
      const { passed, failed, skipped } = summarise(modules, unhandledErrors);
      if (passed + failed === 0) process.exitCode = 1;
      const ending = skipped > 0 ? `, ${skipped} skipped` : "";
      process.stdout.write(`\ntests: ${passed} passed, ${failed} failed${ending}\n`);
    },
  };
}

function summarise(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): Summary {
  const summary: Summary = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      summary[state === "pending" ? "skipped" : state] += 1;
    }
    const groups = [module, ...module.children.allSuites()];
    summary.failed += groups.filter((group) => group.errors().length > 0).length;
  }
  return summary;
}
