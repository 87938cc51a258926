import { resolve } from "node:path";
import {
  type DistributionOptions,
  type ExecutableName,
  executableNames,
  SourceUnavailableError,
} from "../distribution.ts";
import { findExecutable } from "../machine.ts";
import { verifyExecutables } from "../verify.ts";
import type { Source } from "./source.ts";

/**
 * Executables that the machine already has: in the folder that the user names, or on `PATH`. They stay where they are;
 * the cache only notes them down.
 */
export const pathSource: Source = {
  name: "path",
  costs: {
    needs: "the executables in the folder SAMPAN_DISTRIBUTION_PATH, or on PATH",
    minutes: 0,
    disk: 0,
    memory: 0,
  },
  available: async ({ options }, { signal }) => [await versionOf(options, signal)],
  offer: ({ options }, { signal }) => versionOf(options, signal),
  async fetch({ options }) {
    return locateExecutables(options, process.env.PATH ?? "");
  },
};

async function versionOf(options: DistributionOptions, signal: AbortSignal | undefined): Promise<string> {
  return (await verifyExecutables(locateExecutables(options, process.env.PATH ?? ""), signal)).version;
}

/**
 * Finds all five executables.
 * @throws {SourceUnavailableError} naming those that are missing.
 */
export function locateExecutables(
  { path }: Pick<DistributionOptions, "path">,
  searchPath: string,
): Record<ExecutableName, string> {
  const where = path === undefined ? searchPath : resolve(path);
  const found = executableNames.map((name) => [name, findExecutable(name, where)] as const);
  const missing = found.filter(([, executable]) => executable === undefined).map(([name]) => name);
  if (missing.length === 0) return Object.fromEntries(found) as Record<ExecutableName, string>;
  throw new SourceUnavailableError(
    path === undefined
      ? `PATH lacks ${missing.join(", ")}`
      : `the folder ${where}, named by SAMPAN_DISTRIBUTION_PATH, lacks ${missing.join(", ")}`,
  );
}
