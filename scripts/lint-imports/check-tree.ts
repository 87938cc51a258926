import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readImports } from "./read-imports.ts";
import { violationOf } from "./rules.ts";

/** One import that breaks the rule. */
export interface Violation {
  /** Relative to the repository. */
  file: string;
  line: number;
  specifier: string;
  reason: string;
}

/**
 * Checks every TypeScript file under `<root>/src`.
 *
 * @returns the number of files read, and the violations in the order of files and lines
 */
export function checkTree(root: string): { files: number; violations: Violation[] } {
  const files = globSync("src/**/*.ts", { cwd: root }).sort();
  return { files: files.length, violations: files.flatMap((file) => checkFile(root, file)) };
}

function checkFile(root: string, file: string): Violation[] {
  const relativeImports = readImports(readFileSync(join(root, file), "utf8")).filter(({ specifier }) =>
    specifier.startsWith("."),
  );
  return relativeImports.flatMap(({ specifier, line }) => {
    const reason = violationOf(file, posix.join(dirname(file), specifier));
    return reason === undefined ? [] : [{ file, line, specifier, reason }];
  });
}

/** A violation as the user reads it, e.g. `src/core/a.ts:3: imports "../tasks/b.ts": core may not import tasks ...`. */
export function describeViolation({ file, line, specifier, reason }: Violation): string {
  return `${file}:${line}: imports "${specifier}": ${reason}`;
}
