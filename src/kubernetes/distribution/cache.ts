import { createHash, randomBytes } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { flush, removeTree } from "../../machine/files.ts";
import { type Distribution, type ExecutableName, executableNames, sourceNames } from "./distribution.ts";
import { isExecutable } from "./machine.ts";
import { endProcessesIn } from "./orphans.ts";
import { compareVersions } from "./version.ts";

/**
 * The cache is a folder of entries, `<version>-<source>`, each with a `manifest.json` and, unless the executables lie
 * elsewhere, a `bin`. An entry appears by one rename, whole. Folders that begin with a dot are work under way or its
 * leftovers, and are never read.
 */
const manifestFile = "manifest.json";
const stagingPrefix = ".staging-";
const discardedPrefix = ".discarded-";

const fileRecord = Type.Object({
  /** Relative to the entry's folder, or absolute where the executable lies elsewhere. */
  path: Type.String(),
  size: Type.Number(),
  modifiedMs: Type.Number(),
  /** In hexadecimal digits; of copies in the cache alone, since what lies elsewhere is somebody else's. */
  sha256: Type.Optional(Type.String()),
});

const manifest = Type.Object({
  format: Type.Literal(1),
  version: Type.String({ pattern: "^\\d+\\.\\d+\\.\\d+$" }),
  etcdVersion: Type.String({ pattern: "^\\d+\\.\\d+\\.\\d+$" }),
  source: Type.Enum([...sourceNames]),
  installedAt: Type.String(),
  executables: Type.Object({
    etcd: fileRecord,
    "kube-apiserver": fileRecord,
    "kube-controller-manager": fileRecord,
    "kube-scheduler": fileRecord,
    kubectl: fileRecord,
  }),
});
type Manifest = Static<typeof manifest>;
type FileRecord = Static<typeof fileRecord>;

/** What is known of a distribution that is about to be published. */
export type NewDistribution = Omit<Distribution, "directory">;

/** The usable distributions of a cache folder, the oldest version first and, of one version, in the order of sources. */
export async function listInstalled(directory: string): Promise<Distribution[]> {
  const names = await readdir(directory).catch(() => []);
  const entries = names.filter((name) => !name.startsWith(".")).map((name) => readEntry(join(directory, name)));
  const usable = (await Promise.all(entries)).filter((entry) => entry !== undefined);
  return usable.sort(
    (one, other) =>
      compareVersions(one.version, other.version) ||
      sourceNames.indexOf(one.source) - sourceNames.indexOf(other.source),
  );
}

/** Makes a folder to build an entry in, on the same file system as the cache. */
export async function makeStaging(directory: string): Promise<string> {
  const staging = uniquePath(directory, stagingPrefix);
  await mkdir(join(staging, "bin"), { recursive: true, mode: 0o755 });
  return staging;
}

/**
 * Turns a staging folder into an entry. Everything is brought to disk first, the manifest last, and then the folder
 * takes its name: a crash at any line leaves either no entry or a whole one. A damaged entry of that name is replaced.
 *
 * @returns the distribution at its final paths.
 */
export async function publish(directory: string, staging: string, made: NewDistribution): Promise<Distribution> {
  const entry = join(directory, `${made.version}-${made.source}`);
  for (const path of Object.values(made.executables)) {
    if (path.startsWith(`${staging}/`)) await flush(path);
  }
  const manifest = join(staging, manifestFile);
  await writeFile(manifest, `${JSON.stringify(await describe(staging, made), undefined, 2)}\n`);
  for (const path of [manifest, join(staging, "bin"), staging]) await flush(path);

  const discarded = uniquePath(directory, discardedPrefix);
  await rename(entry, discarded).catch(ignoreMissing);
  await rename(staging, entry);
  await flush(directory);
  await removeTree(discarded);

  const distribution = await readEntry(entry);
  if (!distribution)
    throw new Error(`The distribution written to ${entry} cannot be read back. Is the disk full or failing?`);
  return distribution;
}

/** Removes what earlier installations left half-made, and ends what still works on it. Only for the holder of the install lock. */
export async function removeLeftovers(directory: string): Promise<void> {
  const names = await readdir(directory);
  const leftovers = names.filter((name) => name.startsWith(stagingPrefix) || name.startsWith(discardedPrefix));
  for (const name of leftovers) {
    const folder = join(await realpath(directory), name);
    await endProcessesIn(folder);
    await removeTree(folder);
  }
}

/**
 * Whether an installed distribution's files are what they were when they were installed, by their sums. That takes a second
 * or so, which is too much for every look.
 */
export async function isIntact(directory: string, { version, source }: Distribution): Promise<boolean> {
  const entry = join(directory, `${version}-${source}`);
  const manifest = await readManifest(join(entry, manifestFile));
  if (!manifest) return false;
  const checks = Object.values(manifest.executables).map(
    async ({ path, sha256 }) => sha256 === undefined || sha256 === (await sha256Of(resolve(entry, path))),
  );
  return (await Promise.all(checks)).every(Boolean);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Reads an entry; undefined where it is not whole: no manifest, or an executable gone or not as it was installed. */
async function readEntry(entry: string): Promise<Distribution | undefined> {
  const manifest = await readManifest(join(entry, manifestFile));
  if (!manifest) return undefined;
  const executables = {} as Record<ExecutableName, string>;
  for (const name of executableNames) {
    const path = resolve(entry, manifest.executables[name].path);
    if (!isAsInstalled(path, manifest.executables[name])) return undefined;
    executables[name] = path;
  }
  const { version, etcdVersion, source } = manifest;
  return { version, etcdVersion, source, directory: dirname(executables["kube-apiserver"]), executables };
}

async function readManifest(path: string): Promise<Manifest | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(path, "utf8"));
    return Value.Check(manifest, content) ? content : undefined;
  } catch {
    return undefined;
  }
}

async function describe(
  staging: string,
  { version, etcdVersion, source, executables }: NewDistribution,
): Promise<Manifest> {
  const record = async (path: string): Promise<FileRecord> => {
    const { size, mtimeMs: modifiedMs } = statSync(path);
    if (!path.startsWith(`${staging}/`)) return { path, size, modifiedMs };
    return { path: path.slice(staging.length + 1), size, modifiedMs, sha256: await sha256Of(path) };
  };
  const records = await Promise.all(executableNames.map(async (name) => [name, await record(executables[name])]));
  return {
    format: 1,
    version,
    etcdVersion,
    source,
    installedAt: new Date().toISOString(),
    executables: Object.fromEntries(records) as Manifest["executables"],
  };
}

/**
 * A copy in the cache is known by its size (its time changes when a cache is packed and unpacked). An executable
 * elsewhere is somebody else's, who may replace it: there the time must be the same too.
 */
function isAsInstalled(path: string, { path: recorded, size, modifiedMs }: FileRecord): boolean {
  if (!isExecutable(path)) return false;
  const now = statSync(path);
  return now.size === size && (!isAbsolute(recorded) || now.mtimeMs === modifiedMs);
}

function uniquePath(directory: string, prefix: string): string {
  return join(directory, `${prefix}${randomBytes(6).toString("hex")}`);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
