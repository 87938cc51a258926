import { chmod, copyFile, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type InstallProgress, SourceUnavailableError } from "../distribution.ts";
import { architecture } from "../machine.ts";
import { downloadPackages, downloadSource } from "./debian/apt.ts";
import { bootCheck } from "./debian/boot-check.ts";
import { buildKubernetes, buildPackages } from "./debian/build.ts";
import { downloadFromMirrors, unpackPackages } from "./debian/mirrors.ts";
import { missingTools, packagesOf, requireTools, writeToolScripts } from "./debian/tools.ts";
import type { Source, SourceRequest } from "./source.ts";
import { requireSupplies } from "./supplies.ts";

/** The Kubernetes that Debian 12's source package `kubernetes` (1.20.5+really1.20.2) makes. */
const version = "1.20.2";

/** Packages whose executables are taken as they are. */
const readyPackages = ["etcd-server", "kubernetes-client"];

/**
 * Executables from Debian 12's own packages: etcd and kubectl unpacked, the rest built from the source package with
 * Debian's Go. For machines that reach a Debian mirror and nothing else. Needs no root and changes nothing on the
 * system; takes some ten minutes on two cores.
 */
export const debianSource: Source = {
  name: "debian",
  // Measured: 4.1 GB of disk.
  costs: { needs: "a Debian 12 mirror that apt knows", minutes: 9, disk: 5e9, memory: 2e9 },
  async available() {
    architecture();
    return [version];
  },
  async offer() {
    architecture();
    return version;
  },
  async fetch({ staging }: SourceRequest, progress: InstallProgress) {
    const searchPath = process.env.PATH ?? "/usr/bin:/bin";
    const work = join(staging, "work");
    requireTools(searchPath);
    requirePlainPath(work);
    await requireSupplies(this.costs, staging, progress);

    const borrowed = missingTools(searchPath);
    const packages = [...readyPackages, ...buildPackages, ...packagesOf(borrowed)];
    const downloads = await downloadFromMirrors(work, progress, async (apt, into) => {
      await downloadPackages(apt, packages, into, progress);
      await downloadSource(apt, "kubernetes", into, progress);
    });

    const root = join(work, "root");
    progress.report("Unpacking the Debian packages");
    await unpackPackages(downloads, root, progress.signal);
    const tools = join(work, "tools");
    await writeToolScripts(borrowed, root, tools, architecture());

    const into = join(staging, "bin");
    const places = { work, root, downloads, searchPath: [tools, searchPath].join(delimiter), into };
    await buildKubernetes(places, progress);
    for (const name of ["etcd", "kubectl"]) {
      await copyFile(join(root, "usr/bin", name), join(into, name));
      await chmod(join(into, name), 0o755);
    }
    progress.report("Starting the new API server for a trial");
    const trial = { etcd: join(into, "etcd"), "kube-apiserver": join(into, "kube-apiserver") };
    await bootCheck(trial, join(work, "boot"), progress.signal);
    return Object.fromEntries((await readdir(into)).map((name) => [name, join(into, name)]));
  },
};

/** Makefiles and GOPATH cannot quote: a space or colon in the folder's path would break the build half-way. */
function requirePlainPath(path: string): void {
  if (/^[\w./@+-]+$/.test(path)) return;
  throw new SourceUnavailableError(
    `the cache folder's path ("${path}") has a character that Kubernetes' makefiles cannot work with; choose one of plain letters and digits with SAMPAN_DISTRIBUTION_DIR`,
  );
}
