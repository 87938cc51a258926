import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SourceUnavailableError } from "../../distribution.ts";
import { findExecutable } from "../../machine.ts";

/** Tools that only the machine itself can give, with the Debian package of each. All are part of any Debian. */
const needed: Readonly<Record<string, string>> = {
  "apt-get": "apt",
  "apt-config": "apt",
  dpkg: "dpkg",
  "dpkg-deb": "dpkg",
  tar: "tar",
  gzip: "gzip",
  bash: "bash",
  find: "findutils",
  perl: "perl-base",
};

/** A tool that is taken out of Debian packages. */
interface BorrowedTool {
  packages: readonly string[];
  /** Where the executable lies in them. */
  executable: string;
  /** What of the packages it must be pointed to. */
  needs?: "libraries" | "perl modules";
}

/**
 * Tools that a plain Debian lacks and that are borrowed where the machine has none, with those of their libraries that
 * a plain Debian lacks too.
 */
const borrowed: Readonly<Record<string, BorrowedTool>> = {
  "dpkg-source": { packages: ["dpkg-dev", "libdpkg-perl"], executable: "usr/bin/dpkg-source", needs: "perl modules" },
  make: { packages: ["make"], executable: "usr/bin/make" },
  patch: { packages: ["patch"], executable: "usr/bin/patch" },
  rsync: { packages: ["rsync", "libpopt0", "libssl3", "libxxhash0"], executable: "usr/bin/rsync", needs: "libraries" },
  unxz: { packages: ["xz-utils"], executable: "usr/bin/unxz" },
};

/** Multiarch folder of libraries by Debian architecture. */
const libraryFolders: Readonly<Record<string, string>> = {
  amd64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
};

/** @throws {SourceUnavailableError} naming the missing tools and the packages to install. */
export function requireTools(searchPath: string): void {
  const missing = Object.keys(needed).filter((tool) => findExecutable(tool, searchPath) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => needed[tool]))];
  throw new SourceUnavailableError(
    `this machine lacks ${missing.join(", ")}; on Debian, install ${packages.join(", ")} (apt-get install ${packages.join(" ")})`,
  );
}

/** The tools that must be borrowed here, because the machine has none of its own. */
export function missingTools(searchPath: string): string[] {
  return Object.keys(borrowed).filter((tool) => findExecutable(tool, searchPath) === undefined);
}

/** The Debian packages of borrowed tools. */
export function packagesOf(tools: readonly string[]): string[] {
  return tools.flatMap((tool) => borrowed[tool]?.packages ?? []);
}

/**
 * Makes borrowed tools callable: a small script each, which points the unpacked executable to its own libraries or Perl
 * modules. These are for that tool alone; the machine's own programs keep theirs.
 *
 * @param root folder that the packages were unpacked into; its path needs no quoting.
 * @param folder where the scripts go, to be put at the front of `PATH`.
 */
export async function writeToolScripts(
  tools: readonly string[],
  root: string,
  folder: string,
  architecture: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of tools) {
    const tool = borrowed[name];
    if (tool) await writeFile(join(folder, name), toolScript(tool, root, architecture), { mode: 0o755 });
  }
}

function toolScript({ executable, needs }: BorrowedTool, root: string, architecture: string): string {
  const folder = libraryFolders[architecture] ?? "";
  const libraries = ["usr/lib", "lib"].map((parent) => join(root, parent, folder));
  const exports = {
    libraries: `export LD_LIBRARY_PATH="${libraries.join(":")}"\n`,
    "perl modules": `export PERL5LIB="${join(root, "usr/share/perl5")}"\n`,
  };
  return `#!/bin/sh\n${needs ? exports[needs] : ""}exec "${join(root, executable)}" "$@"\n`;
}
