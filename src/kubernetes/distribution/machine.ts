import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { SourceUnavailableError } from "./distribution.ts";

/** Node.js' names of processor architectures, and Go's and Debian's for the same. */
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * This machine's architecture as Go and Debian spell it, e.g. `amd64`.
 * @throws {SourceUnavailableError} on a machine that Kubernetes is not published for.
 */
export function architecture(): string {
  const name = architectures[process.arch];
  if (process.platform === "linux" && name !== undefined) return name;
  throw new SourceUnavailableError(
    `Kubernetes' control plane is not published for ${process.platform} on ${process.arch}; run Sampan on Linux (amd64 or arm64)`,
  );
}

/** Whether the path is a regular file (or a link to one) that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Absolute path of an executable on a search path such as `PATH`; undefined when no folder of it has one. Relative
 * folders are passed over: what they hold depends on where the command was called.
 */
export const findExecutable = (name: string, searchPath: string): string | undefined =>
  findExecutables(name, searchPath)[0];

/** The same, of every folder that has one, in their order. */
export const findExecutables = (name: string, searchPath: string): string[] =>
  searchPath
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .filter(isExecutable);
