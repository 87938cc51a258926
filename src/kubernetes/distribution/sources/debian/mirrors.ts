import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { displayUrl } from "../../display-url.ts";
import { type InstallProgress, SourceUnavailableError } from "../../distribution.ts";
import { architecture } from "../../machine.ts";
import { runCommand } from "../../run-command.ts";
import { configuredMirrors, openPrivateApt, type PrivateApt } from "./apt.ts";

/**
 * Downloads from the first of the machine's Debian mirrors that has it all, and gives the folder.
 * @param work folder that the downloads go below
 * @param fetch downloads into a folder by the apt that it is given
 * @throws {SourceUnavailableError} where no mirror has it all, with the reason of each
 */
export async function downloadFromMirrors(
  work: string,
  progress: InstallProgress,
  fetch: (apt: PrivateApt, into: string) => Promise<void>,
): Promise<string> {
  const { mirrors, files } = await configuredMirrors(progress.signal);
  if (mirrors.length === 0) {
    throw new SourceUnavailableError(
      `apt on this machine is configured for no Debian mirror (looked in ${files.join(", ") || "its configuration"})`,
    );
  }
  const failures: string[] = [];
  for (const [index, mirror] of mirrors.entries()) {
    // A folder each: what one mirror gave before it failed must not mix with the next one's.
    const downloads = join(work, `downloads-${index}`);
    try {
      await mkdir(downloads, { recursive: true });
      await fetch(await openPrivateApt(mirror, join(work, `apt-${index}`), architecture(), progress), downloads);
      return downloads;
    } catch (error) {
      progress.signal?.throwIfAborted();
      failures.push(`${displayUrl(mirror.uri)}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new SourceUnavailableError(`no Debian mirror gave the packages (${failures.join("; ")})`);
}

/** Unpacks every `.deb` file of a folder into another, as an installation would, but for what runs in one. */
export async function unpackPackages(downloads: string, root: string, signal?: AbortSignal): Promise<void> {
  await mkdir(root, { recursive: true });
  const packages = (await readdir(downloads)).filter((name) => name.endsWith(".deb"));
  for (const name of packages) await runCommand("dpkg", ["-x", join(downloads, name), root], { signal });
}
