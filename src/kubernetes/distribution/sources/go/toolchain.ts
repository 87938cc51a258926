import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type InstallProgress, SourceUnavailableError } from "../../distribution.ts";
import { architecture, findExecutables } from "../../machine.ts";
import { CommandError, runCommand } from "../../run-command.ts";
import { borrowGo } from "./borrowed-go.ts";

/** The Go that compiles, and how it is called. */
export interface Toolchain {
  /** Runs `go` with some arguments. @returns the lines of its output */
  run(args: readonly string[], options?: GoRunOptions): Promise<string[]>;
  /** The same at the lowest priority, so that clusters and a service on the same machine go on answering. */
  runNicely(args: readonly string[], options?: GoRunOptions): Promise<string[]>;
}

/** How `go` is run once. */
interface GoRunOptions {
  cwd?: string;
  /** Ends it after this many milliseconds. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  onLine?(line: string): void;
}

/** The first Go that fetches the newer one that a module asks for by itself (https://go.dev/doc/toolchain). */
const oldestMinor = 21;

/** Where Go lies that is on no `PATH`: its own installer's folder, and Debian's packages of the last years. */
const usualFolders = ["/usr/local/go/bin", ...[26, 25, 24, 23, 22, 21].map((minor) => `/usr/lib/go-1.${minor}/bin`)];

/** How long Go may take to tell of itself, in milliseconds. */
const tellingMs = 20_000;

/**
 * Finds a Go that can build, or borrows one, and prepares it for a folder. Where modules come from and how they are verified
 * are the user's settings (`GOPROXY`, `GOSUMDB`, `GONOSUMDB`, `GOFLAGS` …), as of every other program that is built with it.
 * @param caches folder for modules and compiled packages, which are nobody else's; a Go that is borrowed goes there, too
 * @throws {SourceUnavailableError} where there is none that is new enough, and none can be borrowed
 */
export async function findToolchain(caches: string, searchPath: string, progress: InstallProgress): Promise<Toolchain> {
  await mkdir(temporaryFolder(caches), { recursive: true });
  const { own, tooOld } = await ownGo(caches, searchPath, progress.signal);
  const env = environment(caches, own?.flags);
  const go = own?.path ?? (await borrowed(caches, env, tooOld, progress));
  const run = (file: string, args: readonly string[], options: GoRunOptions = {}) =>
    runCommand(file, args, { ...options, env });
  return {
    run: (args, options) => run(go, args, options),
    runNicely: (args, options) => run("nice", ["-n", "19", go, ...args], options),
  };
}

/** A Go that is there. */
interface FoundGo {
  path: string;
  /** e.g. `go1.26.8`. */
  version: string;
  /** `GOFLAGS`, by whatever way the user has set them. */
  flags: string;
}

/** The first Go on the machine that is new enough, and those that are not. */
async function ownGo(folder: string, searchPath: string, signal: AbortSignal | undefined) {
  const tooOld: FoundGo[] = [];
  for (const path of findExecutables("go", [searchPath, ...usualFolders].join(delimiter))) {
    const found = await aboutGo(path, folder, signal);
    if (isNewEnough(found.version)) return { own: found, tooOld };
    tooOld.push(found);
  }
  return { own: undefined, tooOld };
}

/** In a folder without a module and as it is: asked elsewhere, it would first fetch what a project wants. */
async function aboutGo(path: string, folder: string, signal: AbortSignal | undefined): Promise<FoundGo> {
  const env = { ...ownEnvironment(), GOTOOLCHAIN: "local", GOWORK: "off" };
  const options = { cwd: folder, env, timeoutMs: tellingMs, signal };
  const told = await runCommand(path, ["env", "GOVERSION", "GOFLAGS"], options);
  const [version = "", flags = ""] = told.slice(-2);
  return { path, version, flags };
}

/** What has no number is built from Go's own sources. */
function isNewEnough(version: string): boolean {
  const minor = /^go1\.(\d+)/.exec(version)?.[1];
  return minor === undefined || Number(minor) >= oldestMinor;
}

function borrowed(
  caches: string,
  env: Readonly<Record<string, string>>,
  tooOld: readonly FoundGo[],
  progress: InstallProgress,
): Promise<string> {
  return borrowGo(join(caches, "borrowed"), env, progress).catch((error: unknown) => {
    progress.signal?.throwIfAborted();
    const found = tooOld.map(({ path, version }) => `${path} is ${version}`).join(", ") || "there is no Go on PATH";
    throw new SourceUnavailableError(
      `${found}; install Go 1.${oldestMinor} or newer, which fetches the one that Kubernetes asks for by itself. None can be borrowed: ${(error as Error).message}`,
      { cause: error },
    );
  });
}

const temporaryFolder = (caches: string): string => join(caches, "temporary");

/** The user's environment, without what is about one Go alone. */
function ownEnvironment(): Record<string, string> {
  const { GOROOT: _, ...own } = process.env;
  return Object.fromEntries(Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** The user's environment, but for what would change the executables, or leave something behind elsewhere. */
function environment(caches: string, userFlags = ""): Record<string, string> {
  return {
    ...ownEnvironment(),
    LC_ALL: "C.UTF-8",
    GO111MODULE: "on",
    GOWORK: "off",
    // Also where it is switched off for the user's own work: what is fetched goes into these caches.
    GOTOOLCHAIN: "auto",
    GOOS: "linux",
    GOARCH: architecture(),
    CGO_ENABLED: "0",
    // Modules are read-only otherwise, and could not be removed.
    GOFLAGS: `${userFlags} -modcacherw -buildvcs=false`.trim(),
    GOPATH: join(caches, "path"),
    GOMODCACHE: join(caches, "modules"),
    GOCACHE: join(caches, "compiled"),
    // The machine's own may be a small one in memory, and what a killed compiler leaves there nobody would find.
    GOTMPDIR: temporaryFolder(caches),
  };
}

/** The last words of a `go` that failed, for the user; the signal's reason on abort. */
export function asUnavailable(what: string, signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    signal?.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    throw new SourceUnavailableError(`${what}: ${error.message}`);
  };
}
