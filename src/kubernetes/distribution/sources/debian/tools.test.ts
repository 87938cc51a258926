import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "../../run-command.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { missingTools, packagesOf, requireTools, writeToolScripts } from "./tools.ts";

const plain = ["apt-get", "apt-config", "dpkg", "dpkg-deb", "tar", "gzip", "bash", "find", "perl"];

/** A folder with executables of these names, to serve as `PATH`. */
function folderWith(names: readonly string[]): string {
  const folder = temporaryFolder();
  for (const name of names) writeFileSync(join(folder, name), "#!/bin/sh\n", { mode: 0o755 });
  return folder;
}

test("a plain Debian is enough", () => {
  expect(() => requireTools(folderWith(plain))).not.toThrow();
});

test("what is missing is named, with the packages to install", () => {
  const lacking = plain.filter((name) => !["perl", "dpkg", "dpkg-deb"].includes(name));
  expect(() => requireTools(folderWith(lacking))).toThrow(
    "this machine lacks dpkg, dpkg-deb, perl; on Debian, install dpkg, perl-base (apt-get install dpkg perl-base)",
  );
});

test("the tools of a build that the machine lacks are borrowed, those it has are not", () => {
  expect(missingTools(folderWith(plain))).toEqual(["dpkg-source", "make", "patch", "rsync", "unxz"]);
  expect(missingTools(folderWith([...plain, "make", "patch", "unxz", "dpkg-source"]))).toEqual(["rsync"]);
  expect(packagesOf(["make", "rsync"])).toEqual(["make", "rsync", "libpopt0", "libssl3", "libxxhash0"]);
});

test.each([
  ["rsync", "usr/bin/rsync", (root: string) => `${root}/usr/lib/x86_64-linux-gnu:${root}/lib/x86_64-linux-gnu -`],
  ["dpkg-source", "usr/bin/dpkg-source", (root: string) => `- ${root}/usr/share/perl5`],
  ["make", "usr/bin/make", () => "- -"],
])("a borrowed %s runs from PATH with just the libraries or Perl modules it needs", async (name, executable, seen) => {
  const root = temporaryFolder();
  const scripts = join(temporaryFolder(), "tools");
  mkdirSync(join(root, "usr/bin"), { recursive: true });
  const tool = '#!/bin/sh\necho "$(printenv LD_LIBRARY_PATH || echo -) $(printenv PERL5LIB || echo -)" "$@"\n';
  writeFileSync(join(root, executable), tool, { mode: 0o755 });
  await writeToolScripts([name], root, scripts, "amd64");
  const env = { PATH: [scripts, "/usr/bin", "/bin"].join(delimiter) };
  expect(await runCommand(name, ["-pc", "two words"], { env })).toEqual([`${seen(root)} -pc two words`]);
});
