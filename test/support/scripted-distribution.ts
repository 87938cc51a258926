import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ExecutableName } from "../../src/kubernetes/distribution/distribution.ts";
import { installedDistribution } from "./distribution.ts";

/** What an executable does before it becomes the real one; lines of `sh`. */
export interface Script {
  /** When it is asked for its version. */
  version?: string;
  /** When it is started to work. */
  run?: string;
}

/** `sh` that waits until a gate is open. Builtins only: no child process has to be told from the component's own. */
export const waitFor = (gate: { path: string }): string => `: < '${gate.path}'`;

/**
 * Makes a folder with the executables of the installed distribution, for SAMPAN_DISTRIBUTION_PATH, of which some do
 * something else first.
 */
export async function scriptedDistribution(
  folder: string,
  scripts: Partial<Record<ExecutableName, Script>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const { executables } = await installedDistribution();
  for (const [name, real] of Object.entries(executables)) {
    const script = scripts[name as ExecutableName];
    const path = join(folder, name);
    if (!script) await symlink(real, path);
    else {
      await writeFile(path, text(real, script));
      await chmod(path, 0o755);
    }
  }
  return folder;
}

function text(real: string, { version = ":", run = ":" }: Script): string {
  return `#!/bin/sh\nif [ "$1" = --version ]; then\n${version}\nelse\n${run}\nfi\nexec '${real}' "$@"\n`;
}
