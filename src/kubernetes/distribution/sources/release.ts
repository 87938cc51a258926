import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { displayUrl } from "../display-url.ts";
import { type DistributionOptions, type InstallProgress, SourceUnavailableError } from "../distribution.ts";
import { type Downloader, type DownloadTimeouts, MissingFileError, makeDownloader } from "../download.ts";
import { architecture } from "../machine.ts";
import { runCommand } from "../run-command.ts";
import { parseRequestedVersion, parseVersion } from "../version.ts";
import type { OfferRequest, Source, SourceRequest } from "./source.ts";

/** The oldest Kubernetes whose components Sampan knows how to start, as a minor of 1. */
const oldestMinor = 20;

/**
 * The etcd release for each Kubernetes minor (of 1): from this minor on, up to the next row. The lines are those that
 * Kubernetes was tested with (kubeadm's table); of each a late patch, since early ones can lose data.
 */
const etcdReleases: readonly { fromMinor: number; etcd: string }[] = [
  { fromMinor: 37, etcd: "3.7.3" },
  { fromMinor: 34, etcd: "3.6.8" },
  { fromMinor: 22, etcd: "3.5.24" },
  { fromMinor: oldestMinor, etcd: "3.4.35" },
];

const kubernetesFiles = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"] as const;

/** The official release files, or a mirror's, with their published checksums. */
export const releaseSource: Source = makeReleaseSource();

/** @param timeouts shorter ones for tests. */
export function makeReleaseSource(timeouts?: DownloadTimeouts): Source {
  return {
    name: "release",
    costs: { needs: "Kubernetes' and etcd's release files, or a mirror of them", minutes: 1, disk: 0.7e9, memory: 0 },
    available: (request, progress) =>
      withDownloader(timeouts, (downloader) => available(downloader, request, progress)),
    offer: (request, progress) => withDownloader(timeouts, (downloader) => offer(downloader, request, progress)),
    fetch: (request, progress) => withDownloader(timeouts, (downloader) => fetchAll(downloader, request, progress)),
  };
}

/**
 * The etcd release that goes with a Kubernetes version.
 * @throws {SourceUnavailableError} for a Kubernetes too old.
 */
export function etcdReleaseFor(version: string): string {
  const [major, minor] = parseVersion(version);
  const row = major === 1 ? etcdReleases.find(({ fromMinor }) => minor >= fromMinor) : etcdReleases[0];
  if (row) return row.etcd;
  throw tooOld(version);
}

/** The newest patch of each minor that has one. */
async function available(
  downloader: Downloader,
  { options }: Pick<OfferRequest, "options">,
  { signal }: InstallProgress,
): Promise<string[]> {
  architecture();
  const channel = channelsOf(downloader, options, signal);
  const [major, newest] = parseVersion(await channel("stable"));
  const minors = Array.from({ length: newest - oldestMinor + 1 }, (_, index) => oldestMinor + index);
  const versions = minors.map((minor) => channel(`stable-${major}.${minor}`).catch(ignoreMissingFile));
  return (await Promise.all(versions)).filter((version) => version !== undefined);
}

function ignoreMissingFile(error: unknown): undefined {
  if (!(error instanceof MissingFileError)) throw error;
}

/** Reads the version that a channel such as `stable-1.34` is at. */
function channelsOf(downloader: Downloader, { kubernetesReleaseUrl }: DistributionOptions, signal?: AbortSignal) {
  const base = withoutSlash(kubernetesReleaseUrl);
  return (name: string) => publishedVersion(downloader, `${base}/${name}.txt`, signal);
}

/** Finds the version: as asked where it is published, else (policy `nearest`) the nearest that is. */
async function offer(
  downloader: Downloader,
  request: OfferRequest,
  { report, signal }: InstallProgress,
): Promise<string> {
  architecture();
  const base = withoutSlash(request.options.kubernetesReleaseUrl);
  report(
    `Asking ${displayUrl(base)} for ${request.requested ? `Kubernetes ${request.requested}` : "the newest Kubernetes"}`,
  );
  const channel = channelsOf(downloader, request.options, signal);
  if (request.requested === undefined) return channel("stable");

  const { major, minor, patch } = parseRequestedVersion(request.requested);
  const isTooOld = major < 1 || (major === 1 && minor < oldestMinor);
  if (isTooOld && request.policy === "strict") throw tooOld(request.requested);
  const version = `${major}.${minor}.${patch}`;
  if (patch !== undefined && !isTooOld && (await isPublished(downloader, base, version, signal))) return version;
  if (patch !== undefined && request.policy === "strict") throw notPublished(version);
  return nearestChannel(channel, request, { major, minor });
}

function tooOld(version: string): SourceUnavailableError {
  return new SourceUnavailableError(`Sampan runs Kubernetes 1.${oldestMinor} and newer, not ${version}`);
}

/** The newest patch of the asked minor, else of the next higher that has one, else the newest of all. */
async function nearestChannel(
  channel: (name: string) => Promise<string>,
  { requested, policy }: OfferRequest,
  { major, minor }: { major: number; minor: number },
): Promise<string> {
  const newest = policy === "strict" ? [major, minor] : parseVersion(await channel("stable"));
  const lastMinor = newest[0] === major ? (newest[1] ?? minor) : minor;
  for (let next = Math.max(minor, oldestMinor); next <= lastMinor; next += 1) {
    const version = await channel(`stable-${major}.${next}`).catch(ignoreMissingFile);
    if (version !== undefined) return version;
  }
  if (policy === "nearest") return newest.join(".");
  throw notPublished(`${requested}`);
}

function notPublished(version: string): SourceUnavailableError {
  return new SourceUnavailableError(`Kubernetes ${version} is not among the published releases`);
}

async function publishedVersion(downloader: Downloader, url: string, signal?: AbortSignal): Promise<string> {
  const text = (await downloader.text(url, signal)).trim();
  const version = /^v(\d+\.\d+\.\d+)$/.exec(text)?.[1];
  if (version) return version;
  throw new SourceUnavailableError(`${displayUrl(url)} holds no version ("${text.slice(0, 40)}")`);
}

async function isPublished(
  downloader: Downloader,
  base: string,
  version: string,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    await downloader.text(`${kubernetesFile(base, version, "kube-apiserver")}.sha256`, signal);
    return true;
  } catch (error) {
    if (error instanceof MissingFileError) return false;
    throw error;
  }
}

async function fetchAll(downloader: Downloader, request: SourceRequest, progress: InstallProgress) {
  const { options, version, staging } = request;
  const into = join(staging, "bin");
  const executables: Record<string, string> = {
    etcd: await fetchEtcd(downloader, options, version, staging, progress),
  };
  for (const name of kubernetesFiles) {
    const url = kubernetesFile(withoutSlash(options.kubernetesReleaseUrl), version, name);
    const sha256 = checksum(await downloader.text(`${url}.sha256`, progress.signal), `${url}.sha256`);
    const path = join(into, name);
    await downloader.file(url, { path, mode: 0o755, sha256, ...reporting(`Downloading ${name} ${version}`, progress) });
    executables[name] = path;
  }
  return executables;
}

/** Downloads etcd's archive and takes the one executable out of it. */
async function fetchEtcd(
  downloader: Downloader,
  { etcdReleaseUrl }: DistributionOptions,
  kubernetesVersion: string,
  staging: string,
  progress: InstallProgress,
): Promise<string> {
  const etcd = etcdReleaseFor(kubernetesVersion);
  const folder = `${withoutSlash(etcdReleaseUrl)}/v${etcd}`;
  const name = `etcd-v${etcd}-linux-${architecture()}`;
  const sums = await downloader.text(`${folder}/SHA256SUMS`, progress.signal);
  const line = sums.split("\n").find((one) => one.trim().endsWith(` ${name}.tar.gz`)) ?? "";
  const sha256 = checksum(line, `${folder}/SHA256SUMS`);
  const archive = join(staging, "work", `${name}.tar.gz`);
  await mkdir(join(staging, "work"), { recursive: true });
  await downloader.file(`${folder}/${name}.tar.gz`, {
    path: archive,
    sha256,
    ...reporting(`Downloading etcd ${etcd}`, progress),
  });
  const into = join(staging, "bin");
  const args = ["-xzf", archive, "-C", into, "--strip-components=1", "--no-same-owner", `${name}/etcd`];
  await runCommand("tar", args, { signal: progress.signal });
  await rm(archive);
  return join(into, "etcd");
}

/** The checksum at the start of a published line: 64 hexadecimal digits, with or without a file's name after it. */
function checksum(line: string, url: string): string {
  const match = /^([0-9a-f]{64})(\s|$)/i.exec(line.trim());
  if (match?.[1]) return match[1].toLowerCase();
  throw new SourceUnavailableError(`${displayUrl(url)} holds no checksum for the file`);
}

/** Progress of a download in whole megabytes, each said once. */
function reporting(step: string, { report, signal }: InstallProgress) {
  let shown = "";
  return {
    signal,
    onProgress(received: number, total: number | undefined) {
      const megabytes = (bytes: number) => Math.round(bytes / 1e6);
      const amount = total ? `${megabytes(received)} of ${megabytes(total)} MB` : `${megabytes(received)} MB`;
      if (amount === shown) return;
      shown = amount;
      report(`${step}: ${amount}`);
    },
  };
}

async function withDownloader<T>(
  timeouts: DownloadTimeouts | undefined,
  use: (one: Downloader) => Promise<T>,
): Promise<T> {
  const downloader = makeDownloader(timeouts);
  try {
    return await use(downloader);
  } finally {
    await downloader.close();
  }
}

function kubernetesFile(base: string, version: string, name: string): string {
  return `${base}/v${version}/bin/linux/${architecture()}/${name}`;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
