import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SourceUnavailableError } from "../../distribution.ts";
import { parseVersion } from "../../version.ts";
import { readJson } from "./go-json.ts";
import type { GoProgram } from "./programs.ts";
import { asUnavailable, type Toolchain } from "./toolchain.ts";

/** A module that was downloaded, as `go mod download -json` tells of it. */
export interface DownloadedModule {
  /** Folder of its files. */
  Dir: string;
  GoMod: string;
}

/** What `go mod edit -json` tells of a `go.mod`. */
interface GoMod {
  Go?: string;
  Replace?: { Old: { Path: string }; New: { Path: string } }[] | null;
}

/** What `go list -m -json` tells of a version: `Origin` where the proxy knows the commit. */
export interface ModuleInfo {
  Time?: string;
  Origin?: { Hash?: string };
}

/**
 * Downloads a module, verified by Go's checksum database.
 * @throws {SourceUnavailableError} where the proxy has it not, or its sum differs
 */
export async function downloadModule(
  go: Toolchain,
  module: string,
  version: string,
  { folder, signal }: { folder: string; signal: AbortSignal | undefined },
): Promise<DownloadedModule & { info: ModuleInfo }> {
  const refusal = asUnavailable(`the Go module ${module} v${version} cannot be had`, signal);
  const query = `${module}@v${version}`;
  // Twice: with `-json` the reason of a refusal would stand among the JSON.
  await go.run(["mod", "download", query], { cwd: folder, signal }).catch(refusal);
  const told = await go.run(["mod", "download", "-json", query], { cwd: folder, signal }).catch(refusal);
  const info = await go.run(["list", "-m", "-json", query], { cwd: folder, signal }).catch(refusal);
  return { ...readJson<DownloadedModule>(told), info: readJson<ModuleInfo>(info) };
}

/** What is required of which modules, and what stands in for what. */
export interface MainModule {
  /** The version of Go that the modules ask for, e.g. `1.26.0`. */
  go: string;
  /** Versions of modules by path, as `x.y.z`. */
  require: Readonly<Record<string, string>>;
  /** Modules at a version where the module that requires them names a folder of its own, by path. */
  replace: Readonly<Record<string, string>>;
}

/**
 * What a main module has to say so that Kubernetes' commands can be built from modules: its own `go.mod` has each staging
 * module in a folder beside it, which no module has; they are published under the same number (1.37.2 is 0.37.2).
 * @param goMod path of Kubernetes' own `go.mod`
 */
export async function kubernetesMainModule(
  go: Toolchain,
  { module, version, goMod }: { module: string; version: string; goMod: string },
  signal: AbortSignal | undefined,
): Promise<MainModule> {
  const { Go, Replace } = await readGoMod(go, goMod, signal);
  const [, minor, patch] = parseVersion(version);
  const staged = (Replace ?? []).filter(({ New }) => New.Path.startsWith("./staging/")).map(({ Old }) => Old.Path);
  if (staged.length === 0)
    throw new SourceUnavailableError(
      `${module} v${version} names no staging modules, so it cannot be built from modules`,
    );
  return {
    go: Go,
    require: { [module]: version },
    replace: Object.fromEntries(staged.map((path) => [path, `0.${minor}.${patch}`])),
  };
}

/** The version of Go that a module asks for. */
export async function goVersionOf(go: Toolchain, goMod: string, signal: AbortSignal | undefined): Promise<string> {
  return (await readGoMod(go, goMod, signal)).Go;
}

async function readGoMod(go: Toolchain, goMod: string, signal: AbortSignal | undefined) {
  const { Go = "1.21", Replace } = readJson<GoMod>(await go.run(["mod", "edit", "-json", goMod], { signal }));
  return { Go, Replace };
}

/**
 * Writes a main module from which programs can be built, and has Go resolve and verify all that they need.
 * @throws {SourceUnavailableError} where a module is refused, or its sum differs
 */
export async function writeMainModule(
  go: Toolchain,
  folder: string,
  programs: readonly GoProgram[],
  main: MainModule,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "go.mod"), goModText(main));
  await writeFile(join(folder, "programs.go"), programsText(programs));
  await go
    .run(["mod", "tidy"], { cwd: folder, signal })
    .catch(asUnavailable("the modules that Kubernetes needs cannot be had", signal));
}

/** The text of a `go.mod`. */
function goModText({ go, require, replace }: MainModule): string {
  const required = Object.entries(require).map(([path, version]) => `require ${path} v${version}`);
  const replaced = Object.entries(replace).map(([path, version]) => `replace ${path} => ${path} v${version}`);
  return [`module sampan.invalid/programs`, `go ${go}`, ...required, ...replaced, ""].join("\n\n");
}

/** A file that imports commands, which no program can: its tag keeps it out of every build, but not out of `go mod tidy`. */
function programsText(programs: readonly GoProgram[]): string {
  const imports = programs.map(({ package: path }) => `\t_ "${path}"\n`).join("");
  return `//go:build tools\n\npackage programs\n\nimport (\n${imports})\n`;
}
