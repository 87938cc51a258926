import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { removeTree } from "../../../machine/files.ts";
import { makeStaging } from "../cache.ts";
import { type InstallProgress, SourceUnavailableError } from "../distribution.ts";
import { architecture } from "../machine.ts";
import { resolveVersion } from "../resolve.ts";
import { compareVersions, parseRequestedVersion, parseVersion } from "../version.ts";
import { compile } from "./go/compile.ts";
import {
  downloadModule,
  goVersionOf,
  kubernetesMainModule,
  type ModuleInfo,
  writeMainModule,
} from "./go/main-module.ts";
import { moduleVersions } from "./go/module-versions.ts";
import { etcdModule, etcdServer, etcdTools, kubernetesModule, kubernetesPrograms } from "./go/programs.ts";
import { findToolchain, type Toolchain } from "./go/toolchain.ts";
import type { OfferRequest, Source, SourceRequest } from "./source.ts";
import { requireSupplies } from "./supplies.ts";

/** The oldest minor (of 1) that is built from modules: older ones do not compile with a Go of today, or only in part. */
const oldestMinor = 29;

/**
 * Executables built from Go modules, as `go install` builds any program. For machines that reach a Go module proxy, which
 * most company networks and runners do, and have a Go.
 */
export const goSource: Source = {
  name: "go",
  // Measured: 5.1 GB of disk, 2.6 GB of memory.
  costs: {
    needs: "a Go module proxy, and Go 1.21 or newer or a Debian 12 mirror",
    minutes: 11,
    disk: 6e9,
    memory: 3e9,
  },
  async available({ options }, progress) {
    architecture();
    await mkdir(options.directory, { recursive: true });
    const staging = await makeStaging(options.directory);
    try {
      return await buildable(staging, progress);
    } finally {
      await removeTree(staging);
    }
  },
  async offer(request, progress) {
    architecture();
    refuseOlder(request);
    progress.report("Asking the Go module proxy for Kubernetes' versions");
    return choose(request, await buildable(request.staging, progress));
  },
  async fetch(request, progress) {
    const { staging, options, keepCache } = request;
    await requireSupplies(this.costs, staging, progress);
    const kept = join(options.directory, ".go-cache");
    const go = await findToolchain(keepCache ? kept : cachesOf(staging), searchPath(), progress);
    const etcd = await buildKubernetes(go, request, progress);
    await buildEtcd(go, etcd, request, progress);
    const into = join(staging, "bin");
    return Object.fromEntries([...kubernetesPrograms, etcdServer].map(({ name }) => [name, join(into, name)]));
  },
};

const searchPath = (): string => process.env.PATH ?? "/usr/bin:/bin";

const cachesOf = (staging: string): string => join(staging, "work", "caches");

/** The versions that the proxy lists and that can be built. */
async function buildable(staging: string, progress: InstallProgress): Promise<string[]> {
  const caches = cachesOf(staging);
  const go = await findToolchain(caches, searchPath(), progress);
  const versions = await moduleVersions(go, kubernetesModule, caches, progress.signal);
  return versions.filter((version) => {
    const [major, minor] = parseVersion(version);
    return major === 1 && minor >= oldestMinor;
  });
}

/** Before a Go is looked for, or borrowed, which takes a while. */
function refuseOlder({ requested, policy }: OfferRequest): void {
  if (requested === undefined || policy === "nearest") return;
  const { major, minor } = parseRequestedVersion(requested);
  if (major === 1 && minor >= oldestMinor) return;
  throw new SourceUnavailableError(`what is older than 1.${oldestMinor} does not compile with a Go of today`);
}

/** The newest where nothing is asked for, or what is asked for is not there: an older one takes as long to build. */
function choose({ requested, policy }: OfferRequest, versions: readonly string[]): string {
  const found = resolveVersion(requested, versions);
  const newest = versions.at(-1);
  if (newest === undefined) throw new SourceUnavailableError(`the proxy lists no version of ${kubernetesModule}`);
  if (found?.exact) return found.version;
  if (policy === "nearest") return newest;
  throw new SourceUnavailableError(`the proxy does not list Kubernetes ${requested}`);
}

/** @returns the etcd that this Kubernetes names, as `x.y.z` */
async function buildKubernetes(
  go: Toolchain,
  { version, staging }: SourceRequest,
  progress: InstallProgress,
): Promise<string> {
  const { report, signal } = progress;
  const work = join(staging, "work");
  report(`Downloading the Go module of Kubernetes ${version}`);
  const download = await downloadModule(go, kubernetesModule, version, { folder: work, signal });
  const source = { module: kubernetesModule, version, goMod: download.GoMod };
  const main = await kubernetesMainModule(go, source, signal);
  report("Downloading the Go modules that it needs");
  const folder = join(work, "kubernetes");
  await writeMainModule(go, folder, kubernetesPrograms, main, signal);
  const into = join(staging, "bin");
  const title = `Kubernetes ${version}`;
  await compile(
    go,
    { title, folder, programs: kubernetesPrograms, stamps: kubernetesStamps(version, download.info), into },
    progress,
  );
  return namedEtcd(join(download.Dir, "cmd/kubeadm/app/constants/constants.go"));
}

/** What `kubectl version` shows, in both packages that releases set (`hack/lib/version.sh`). */
function kubernetesStamps(version: string, { Time = "", Origin }: ModuleInfo): Record<string, string> {
  const [major, minor] = parseVersion(version);
  const values = {
    gitVersion: `v${version}`,
    gitMajor: String(major),
    gitMinor: String(minor),
    // Many proxies do not tell it.
    gitCommit: Origin?.Hash ?? "",
    gitTreeState: "clean",
    // When it was published, rather than now: what is built twice is the same.
    buildDate: Time,
  };
  const packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"];
  return Object.fromEntries(
    packages.flatMap((path) => Object.entries(values).map(([name, value]) => [`${path}.${name}`, value])),
  );
}

/** The etcd that Kubernetes was tested with: kubeadm's default. */
async function namedEtcd(constants: string): Promise<string> {
  const text = await readFile(constants, "utf8");
  const named = /DefaultEtcdVersion\s*=\s*"(\d+\.\d+\.\d+)-\d+"/.exec(text)?.[1];
  if (named !== undefined) return named;
  throw new SourceUnavailableError(`${constants} names no version of etcd`);
}

async function buildEtcd(
  go: Toolchain,
  named: string,
  { staging, withTools }: SourceRequest,
  progress: InstallProgress,
): Promise<void> {
  const programs = withTools ? [etcdServer, ...etcdTools] : [etcdServer];
  const { report, signal } = progress;
  const work = join(staging, "work");
  const version = await newestOfLine(go, named, work, signal);
  report(`Downloading the Go modules of etcd ${version}`);
  const download = await downloadModule(go, etcdModule, version, { folder: work, signal });
  const require = Object.fromEntries(programs.map(({ module }) => [module, version]));
  const folder = join(work, "etcd");
  const main = { go: await goVersionOf(go, download.GoMod, signal), require, replace: {} };
  await writeMainModule(go, folder, programs, main, signal);
  const { Origin } = download.info;
  const stamps: Record<string, string> = Origin?.Hash
    ? { "go.etcd.io/etcd/api/v3/version.GitSHA": Origin.Hash.slice(0, 7) }
    : {};
  const into = join(staging, "bin");
  await compile(go, { title: `etcd ${version}`, folder, programs, stamps, into }, progress);
}

/** The newest patch of the same line that the proxy lists, which mends faults of earlier ones. */
async function newestOfLine(
  go: Toolchain,
  named: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const line = named.split(".").slice(0, 2).join(".");
  const listed = await moduleVersions(go, etcdModule, folder, signal);
  const newest = listed.filter((version) => version.startsWith(`${line}.`)).at(-1);
  return newest !== undefined && compareVersions(newest, named) >= 0 ? newest : named;
}
