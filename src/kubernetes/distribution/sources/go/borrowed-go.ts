import { existsSync } from "node:fs";
import { chmod, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type InstallProgress, SourceUnavailableError } from "../../distribution.ts";
import { architecture } from "../../machine.ts";
import { runCommand } from "../../run-command.ts";
import { newestOfEachMinor } from "../../version.ts";
import { downloadPackages } from "../debian/apt.ts";
import { downloadFromMirrors, unpackPackages } from "../debian/mirrors.ts";
import { requireTools } from "../debian/tools.ts";
import { readJson } from "./go-json.ts";

/** Debian 12's Go: too old for Kubernetes, and new enough to fetch another one, verified as every module is. */
const packages = ["golang-1.19-go", "golang-1.19-src"];
const goRoot = "usr/lib/go-1.19";

/** Every Go as a module (https://go.dev/ref/mod#toolchain-protocol). */
const toolchainModule = "golang.org/toolchain";

/** A proxy may list what it does not have: so many minor versions are tried, the newest first. */
const tries = 3;

/**
 * Brings a Go where the machine has none: Debian's from its packages, and by it the newest one from the Go module proxy.
 * Nothing is installed. What was brought into the folder before is taken again.
 * @param folder that all of it goes into
 * @param environment of Go, with caches in that folder
 * @returns path of its `go`
 * @throws {SourceUnavailableError} where there is no Debian mirror, or the proxy has no Go
 */
export async function borrowGo(
  folder: string,
  environment: Readonly<Record<string, string>>,
  progress: InstallProgress,
): Promise<string> {
  const kept = join(folder, "toolchain");
  if (existsSync(kept)) return join(kept, "bin/go");
  requireTools(environment.PATH ?? "");
  progress.report("Borrowing a Go, since there is none on PATH");
  const downloads = await downloadFromMirrors(folder, progress, (apt, into) =>
    downloadPackages(apt, packages, into, progress),
  );
  const root = join(folder, "root");
  await unpackPackages(downloads, root, progress.signal);
  const env = { ...environment, GOROOT: join(root, goRoot) };
  const go = (args: readonly string[]) =>
    runCommand(join(root, goRoot, "bin/go"), args, { cwd: folder, env, signal: progress.signal });
  const failures: string[] = [];
  for (const version of newestOfMinors(await go(["list", "-m", "-versions", toolchainModule]))) {
    try {
      progress.report(`Downloading Go ${version} as a module`);
      const told = await go(["mod", "download", "-json", `${toolchainModule}@${moduleVersion(version)}`]);
      const { Dir } = readJson<{ Dir: string }>(told);
      await makeExecutable(Dir);
      await symlink(Dir, kept);
      return join(kept, "bin/go");
    } catch (error) {
      progress.signal?.throwIfAborted();
      failures.push(`${version}: ${(error as Error).message}`);
    }
  }
  throw new SourceUnavailableError(`the Go module proxy gave no Go (${failures.join("; ") || "it lists none"})`);
}

const moduleVersion = (version: string): string => `v0.0.1-go${version}.linux-${architecture()}`;

/** The newest patch of the newest minor versions that there are for this machine. */
export function newestOfMinors(lines: readonly string[]): string[] {
  const form = new RegExp(`^v0\\.0\\.1-go(1\\.\\d+\\.\\d+)\\.linux-${architecture()}$`);
  const listed = lines.flatMap((line) => line.split(" ")).flatMap((word) => form.exec(word)?.[1] ?? []);
  return newestOfEachMinor(listed).slice(0, tries);
}

/** Modules hold no executables: what of a toolchain has to be one, Go itself makes one when it fetches it. */
async function makeExecutable(toolchain: string): Promise<void> {
  const folders = [join(toolchain, "bin"), join(toolchain, "pkg/tool", `linux_${architecture()}`)];
  for (const folder of folders) {
    for (const name of await readdir(folder)) await chmod(join(folder, name), 0o755);
  }
}
