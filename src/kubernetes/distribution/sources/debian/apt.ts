import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { displayUrl } from "../../display-url.ts";
import { type InstallProgress, SourceUnavailableError } from "../../distribution.ts";
import { CommandError, runCommand } from "../../run-command.ts";
import {
  type AptEntry,
  type DebianMirror,
  debianMirrors,
  parseDeb822Sources,
  parseOneLineSources,
  renderSources,
} from "./apt-sources.ts";

/** apt with lists and caches of its own, in a folder that can be thrown away. The machine's own apt is not touched. */
export interface PrivateApt {
  readonly mirror: DebianMirror;
  readonly folder: string;
}

/**
 * On top of the machine's own configuration, which brings its proxy and credentials. What is cleared are the machine's
 * hooks (they clean or refresh the machine's own caches) and a default release that this list of sources does not have.
 */
const configuration = `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Default-Release;
#clear Acquire::Languages;
Acquire::Languages { "none"; };
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
APT::Get::AllowUnauthenticated "false";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
`;

/**
 * The Debian archives that this machine's apt is configured for.
 * @returns the addresses, likeliest first, and the files that were read.
 */
export async function configuredMirrors(signal?: AbortSignal): Promise<{ mirrors: DebianMirror[]; files: string[] }> {
  const lines = await runCommand(
    "apt-config",
    ["shell", "LIST", "Dir::Etc::sourcelist/f", "PARTS", "Dir::Etc::sourceparts/d"],
    { signal },
  );
  const value = (name: string) =>
    /^[A-Z]+='(.*)'$/.exec(lines.find((line) => line.startsWith(`${name}=`)) ?? "")?.[1] ?? "";
  const files = [value("LIST"), ...(await filesOf(value("PARTS")))];
  const texts = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(file, "utf8").catch(() => undefined) })),
  );
  const found = texts.filter(({ text }) => text !== undefined);
  const entries = found.flatMap(({ file, text = "" }): AptEntry[] =>
    file.endsWith(".sources") ? parseDeb822Sources(text) : parseOneLineSources(text),
  );
  return { mirrors: debianMirrors(entries), files: found.map(({ file }) => file) };
}

/** Sets up a private apt in an empty folder and fetches the mirror's lists of packages and of sources. */
export async function openPrivateApt(
  mirror: DebianMirror,
  folder: string,
  architecture: string,
  { report, signal }: InstallProgress,
): Promise<PrivateApt> {
  for (const name of ["sources.d", "preferences.d", "lists/partial", "cache/archives/partial"]) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, "apt.conf"), configuration);
  await writeFile(join(folder, "sources.list"), "");
  await writeFile(join(folder, "status"), "");
  await writeFile(join(folder, "sources.d", "debian.sources"), renderSources(mirror, architecture));
  report(`Fetching the lists of packages from ${displayUrl(mirror.uri)}`);
  await aptGet({ mirror, folder }, ["update"], folder, { signal });
  return { mirror, folder };
}

/** Downloads packages as `.deb` files into a folder; apt checks their signatures. */
export async function downloadPackages(
  apt: PrivateApt,
  packages: readonly string[],
  into: string,
  { report, signal }: InstallProgress,
): Promise<void> {
  await aptGet(apt, ["download", ...packages], into, {
    signal,
    onLine: countingDownloads((done) => report(`Downloading Debian packages: ${done} of ${packages.length}`)),
  });
}

/** Downloads the files of a source package into a folder, without unpacking; apt checks their signatures. */
export async function downloadSource(
  apt: PrivateApt,
  name: string,
  into: string,
  { report, signal }: InstallProgress,
): Promise<void> {
  report(`Downloading the source of Debian's package ${name}`);
  await aptGet(apt, ["source", "--download-only", name], into, { signal });
}

async function aptGet(
  { folder }: Pick<PrivateApt, "folder" | "mirror">,
  command: readonly string[],
  cwd: string,
  options: { signal?: AbortSignal | undefined; onLine?(line: string): void },
): Promise<void> {
  const settings = {
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": join(folder, "sources.d"),
    "Dir::Etc::Preferences": join(folder, "preferences"),
    "Dir::Etc::PreferencesParts": join(folder, "preferences.d"),
    "Dir::State": folder,
    "Dir::State::Lists": join(folder, "lists"),
    // An empty list of installed packages: what this machine has installed must not decide what is downloaded.
    "Dir::State::Status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const args = [...command, "-q", "-c", join(folder, "apt.conf"), ...flags];
  await runCommand("apt-get", args, { cwd, ...options }).catch((error: unknown) => {
    throw error instanceof CommandError ? new SourceUnavailableError(aptFailure(error), { cause: error }) : error;
  });
}

/** The lines in which apt says what went wrong (`E: …`), or the end of its output where it does not say. */
function aptFailure({ message, lines }: CommandError): string {
  const errors = lines.filter((line) => line.startsWith("E: ")).map((line) => line.slice(3));
  return errors.length === 0 ? message : errors.join(" ");
}

/** Counts apt's `Get:` lines, one a file that it fetches. */
function countingDownloads(report: (done: number) => void): (line: string) => void {
  let done = 0;
  return (line) => {
    if (!line.startsWith("Get:")) return;
    done += 1;
    report(done);
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const names = folder === "" ? [] : await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(".list") || name.endsWith(".sources"))
    .sort()
    .map((name) => join(folder, name));
}
