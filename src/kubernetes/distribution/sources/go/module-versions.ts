import { compareVersions } from "../../version.ts";
import { asUnavailable, type Toolchain } from "./toolchain.ts";

/** How long the proxy may take to list versions, in milliseconds. */
const listingMs = 30_000;

/**
 * The releases of a module that the proxy lists, as `x.y.z`, the oldest first; pre-releases are none.
 * @param folder any that has no module of its own
 * @throws {SourceUnavailableError} where no proxy can be reached, or it does not have the module
 */
export async function moduleVersions(
  go: Toolchain,
  module: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const lines = await go
    .run(["list", "-m", "-versions", module], { cwd: folder, timeoutMs: listingMs, signal })
    .catch(asUnavailable(`the versions of the Go module ${module} cannot be listed`, signal));
  const words = lines.find((line) => line.startsWith(`${module} `))?.split(" ") ?? [];
  return words.flatMap((word) => /^v(\d+\.\d+\.\d+)$/.exec(word)?.[1] ?? []).sort(compareVersions);
}
