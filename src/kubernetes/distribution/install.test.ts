import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { listAvailable, newestPatches } from "./available.ts";
import { type DistributionOptions, type SourceName, SourceUnavailableError } from "./distribution.ts";
import { ensureDistribution, listDistributions } from "./ensure.ts";
import { installDistribution } from "./install.ts";
import type { Source } from "./sources/source.ts";
import { writeFakeExecutables } from "./testing/fake-executables.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

interface FakeSource extends Source {
  /** How often it was asked to fetch. */
  fetches: number;
}

/** A source that has one version, as fake executables; a reason instead of a version makes it unavailable. */
function fakeSource(name: SourceName, version: string, reason?: string): FakeSource {
  const source: FakeSource = {
    name,
    fetches: 0,
    costs: { needs: `what ${name} needs`, minutes: 3, disk: 2e9, memory: 1.5e9 },
    async offer() {
      if (reason) throw new SourceUnavailableError(reason);
      return version;
    },
    available: async () => [
      await source.offer({ options: options(), requested: undefined, policy: "strict", staging: "" }, silent),
    ],
    async fetch({ staging }, { report }) {
      source.fetches += 1;
      report(`Fetching from ${name}`);
      return writeFakeExecutables(join(staging, "bin"), { version, etcdVersion: "3.5.24" });
    },
  };
  return source;
}

function options(more: Partial<DistributionOptions> = {}): DistributionOptions {
  return {
    directory: temporaryFolder(),
    kubernetesReleaseUrl: "http://127.0.0.1:1/release",
    etcdReleaseUrl: "http://127.0.0.1:1/etcd",
    ...more,
  };
}

const silent = { report() {} };

/** Names in the cache, without the lock. */
function namesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name !== ".lock");
}

test("the first source that has the version gives it, and each step is reported", async () => {
  const settings = options();
  const messages: string[] = [];
  const sources = [
    fakeSource("path", "", "PATH lacks etcd"),
    fakeSource("release", "1.34.1"),
    fakeSource("debian", "1.20.2"),
  ];
  const installed = await installDistribution(settings, "1.34.1", {
    sources,
    report: (message) => messages.push(message),
  });
  expect(installed).toMatchObject({ version: "1.34.1", etcdVersion: "3.5.24", source: "release" });
  expect(sources.map(({ fetches }) => fetches)).toEqual([0, 1, 0]);
  expect(messages).toEqual([
    "Not from path: PATH lacks etcd",
    "Fetching from release",
    "Checking the executables",
    "Kubernetes 1.34.1 with etcd 3.5.24 is ready",
  ]);
  expect(namesIn(settings.directory)).toEqual(["1.34.1-release"]);
});

test("an explicit version passes over a source that has another", async () => {
  const sources = [fakeSource("release", "1.34.1"), fakeSource("debian", "1.20.2")];
  const installed = await installDistribution(options(), "1.20", { ...silent, sources });
  expect(installed).toMatchObject({ version: "1.20.2", source: "debian" });
});

test("with the policy nearest the first source that has anything gives it", async () => {
  const sources = [fakeSource("release", "1.34.1"), fakeSource("debian", "1.20.2")];
  const installed = await installDistribution(options(), "1.20.4", { ...silent, sources, policy: "nearest" });
  expect(installed).toMatchObject({ version: "1.34.1", source: "release" });
});

test("where no source has it, one error says what was tried, why it failed, and what to do", async () => {
  const settings = options();
  const sources = [
    fakeSource("path", "", "PATH lacks etcd"),
    fakeSource("release", "", "https://dl.k8s.io/release/stable.txt cannot be fetched (no network)"),
    fakeSource("debian", "1.20.2"),
  ];
  await expect(installDistribution(settings, "1.34.1", { ...silent, sources })).rejects.toThrow(
    "No distribution of Kubernetes 1.34.1 could be had. " +
      "Tried path: PATH lacks etcd. " +
      "release: https://dl.k8s.io/release/stable.txt cannot be fetched (no network). " +
      "debian: it has only 1.20.2. " +
      "To go on, name a folder that holds etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kubectl with SAMPAN_DISTRIBUTION_PATH, " +
      "or name a mirror in reach with SAMPAN_KUBERNETES_RELEASE_URL and SAMPAN_ETCD_RELEASE_URL, " +
      "or install Go 1.21 or newer where a Go module proxy can be reached, or run where a Debian 12 mirror can be.",
  );
  expect(namesIn(settings.directory)).toEqual([]);
});

test("an ill-written version is refused at once", async () => {
  await expect(installDistribution(options(), "newest", { ...silent, sources: [] })).rejects.toThrow(
    '"newest" is not a Kubernetes version. Write it as 1.20.2 or 1.20.',
  );
});

test("what is installed is not fetched again", async () => {
  const settings = options();
  const source = fakeSource("release", "1.34.1");
  await installDistribution(settings, undefined, { ...silent, sources: [source] });
  await installDistribution(settings, "1.34", { ...silent, sources: [source] });
  expect(source.fetches).toBe(1);
});

test("of two at once one fetches, and both get the result", async () => {
  const settings = options();
  const source = fakeSource("debian", "1.20.2");
  const results = await Promise.all([
    installDistribution(settings, undefined, { ...silent, sources: [source] }),
    installDistribution(settings, undefined, { ...silent, sources: [source] }),
  ]);
  expect(results[1]).toEqual(results[0]);
  expect(source.fetches).toBe(1);
});

test.each([
  ["executables that do not run", (paths: Record<string, string>) => writeFileSync(paths.etcd ?? "", "#!/nowhere\n")],
  [
    "another version than promised",
    (paths: Record<string, string>) =>
      writeFileSync(paths["kube-apiserver"] ?? "", "#!/bin/sh\necho Kubernetes v1.20.7\n"),
  ],
])("a source that gives %s is refused, and nothing is kept", async (_, spoil) => {
  const settings = options();
  const good = fakeSource("debian", "1.20.2");
  const spoiled: Source = {
    ...good,
    async fetch(request, progress) {
      const paths = await good.fetch(request, progress);
      spoil(paths);
      return paths;
    },
  };
  await expect(installDistribution(settings, undefined, { ...silent, sources: [spoiled] })).rejects.toThrow(
    /debian: (.*etcd does not run|it promised Kubernetes 1.20.2 and gave 1.20.7)/,
  );
  expect(namesIn(settings.directory)).toEqual([]);
});

test("abort ends an installation with the signal's reason and keeps nothing", async () => {
  const settings = options();
  const controller = new AbortController();
  const source: Source = {
    ...fakeSource("debian", "1.20.2"),
    async fetch({ staging }, { signal }) {
      writeFileSync(join(staging, "half-made"), "");
      controller.abort(new Error("cancelled by the user"));
      await delay(60_000, undefined, { signal });
      return {};
    },
  };
  await expect(
    installDistribution(settings, undefined, { ...silent, sources: [source], signal: controller.signal }),
  ).rejects.toThrow("cancelled by the user");
  expect(namesIn(settings.directory)).toEqual([]);
});

test("after a failure the lock is free", async () => {
  const settings = options();
  await expect(installDistribution(settings, undefined, { ...silent, sources: [] })).rejects.toThrow("could be had");
  const installed = await installDistribution(settings, undefined, {
    ...silent,
    sources: [fakeSource("debian", "1.20.2")],
  });
  expect(installed.version).toBe("1.20.2");
});

test("ensure takes the nearest of what is installed and asks no source", async () => {
  const settings = options();
  for (const version of ["1.20.2", "1.28.9", "1.34.1"]) {
    await installDistribution(settings, version, { ...silent, sources: [fakeSource("release", version)] });
  }
  const source = fakeSource("release", "1.22.17");
  const ensure = async (asked: string | undefined) => {
    const { distribution, exact } = await ensureDistribution(settings, asked, "nearest", {
      ...silent,
      sources: [source],
    });
    return [distribution.version, exact];
  };
  expect(await ensure("1.28.9")).toEqual(["1.28.9", true]);
  expect(await ensure("1.28")).toEqual(["1.28.9", true]);
  expect(await ensure("1.22.17")).toEqual(["1.28.9", false]);
  expect(await ensure(undefined)).toEqual(["1.34.1", true]);
  expect(source.fetches).toBe(0);
});

test("ensure with the policy strict installs what is missing", async () => {
  const settings = options();
  await installDistribution(settings, undefined, { ...silent, sources: [fakeSource("debian", "1.20.2")] });
  const { distribution, exact } = await ensureDistribution(settings, "1.22.17", "strict", {
    ...silent,
    sources: [fakeSource("release", "1.22.17")],
  });
  expect([distribution.version, exact]).toEqual(["1.22.17", true]);
});

test("ensure with the policy strict fails where the version is not to be had", async () => {
  const settings = options();
  await expect(
    ensureDistribution(settings, "1.22.17", "strict", { ...silent, sources: [fakeSource("debian", "1.20.2")] }),
  ).rejects.toThrow("debian: it has only 1.20.2");
});

test("ten at once that need a distribution make one installation", async () => {
  const settings = options();
  const source = fakeSource("debian", "1.20.2");
  const results = await Promise.all(
    Array.from({ length: 10 }, () =>
      ensureDistribution(settings, "1.34.1", "nearest", { ...silent, sources: [source] }),
    ),
  );
  expect(results.map(({ distribution, exact }) => [distribution.version, exact])).toEqual(
    Array.from({ length: 10 }, () => ["1.20.2", false]),
  );
  expect(source.fetches).toBe(1);
});

test("a folder that the user names counts as installed", async () => {
  const path = temporaryFolder();
  writeFakeExecutables(path, { version: "1.34.1", etcdVersion: "3.6.8" });
  const settings = options({ path });
  await installDistribution({ ...settings, path: undefined }, "1.20.2", {
    ...silent,
    sources: [fakeSource("debian", "1.20.2")],
  });
  const { distribution, exact } = await ensureDistribution(settings, "1.34", "nearest", silent);
  expect(exact).toBe(true);
  expect(distribution).toMatchObject({ version: "1.34.1", etcdVersion: "3.6.8", source: "path", directory: path });
  const listed = await listDistributions(settings);
  expect(listed.map(({ version }) => version)).toEqual(["1.20.2", "1.34.1"]);
});

test("a folder that the user names is looked at again when its files were replaced", async () => {
  const path = temporaryFolder();
  const settings = options({ path });
  writeFakeExecutables(path, { version: "1.34.1", etcdVersion: "3.6.8" });
  await ensureDistribution(settings, undefined, "nearest", silent);
  writeFakeExecutables(path, { version: "1.34.10", etcdVersion: "3.6.8" });
  const { distribution } = await ensureDistribution(settings, undefined, "nearest", silent);
  expect(distribution.version).toBe("1.34.10");
});

test("a folder that the user names and that lacks executables is an error, not a reason to go on", async () => {
  const path = temporaryFolder();
  writeFakeExecutables(path, { version: "1.34.1", etcdVersion: "3.6.8" }, ["etcd", "kubectl", "kube-apiserver"]);
  const message = `the folder ${path}, named by SAMPAN_DISTRIBUTION_PATH, lacks kube-controller-manager, kube-scheduler`;
  await expect(ensureDistribution(options({ path }), undefined, "nearest", silent)).rejects.toThrow(message);
  await expect(installDistribution(options({ path }), undefined, silent)).rejects.toThrow(message);
});

test("a folder that the user names with an etcd that can lose writes is refused", async () => {
  const path = temporaryFolder();
  writeFakeExecutables(path, { version: "1.20.2", etcdVersion: "3.4.13" });
  await expect(ensureDistribution(options({ path }), undefined, "nearest", silent)).rejects.toThrow(
    `${path}/etcd is etcd 3.4.13, which can lose a write`,
  );
});

test("every source is asked what it can give, and one that has nothing says why", async () => {
  const sources = [fakeSource("release", "1.34.1", "the network is down"), fakeSource("debian", "1.20.2")];
  expect(await listAvailable(options(), silent, sources)).toEqual([
    { source: "release", costs: sources[0]?.costs, versions: [], reason: "the network is down" },
    { source: "debian", costs: sources[1]?.costs, versions: ["1.20.2"] },
  ]);
});

test("of each minor version the newest patch is what all versions are, the newest first", () => {
  const { costs } = fakeSource("go", "1.34.1");
  const offers = [
    { source: "go", costs, versions: ["1.9.8", "1.34.1", "1.34.10"] },
    { source: "debian", costs, versions: ["1.20.2", "1.34.2"] },
  ] as const;
  const given = offers.map(({ versions, ...offer }) => ({ ...offer, versions: [...versions] }));
  expect(newestPatches(given)).toEqual(["1.34.10", "1.20.2", "1.9.8"]);
});

describe("with autoInstall", () => {
  const autoInstall = true;

  test("what is asked for is installed beside what is there, once", async () => {
    const settings = options({ autoInstall });
    await installDistribution(settings, "1.34.1", { ...silent, sources: [fakeSource("release", "1.34.1")] });
    const source = fakeSource("debian", "1.20.2");
    for (let round = 0; round < 2; round++) {
      const { distribution, exact } = await ensureDistribution(settings, "1.20.2", "nearest", {
        ...silent,
        sources: [source],
      });
      expect({ version: distribution.version, exact }).toEqual({ version: "1.20.2", exact: true });
    }
    expect(source.fetches).toBe(1);
  });

  test("another patch of it will do, unless just that version will", async () => {
    const settings = options({ autoInstall });
    await installDistribution(settings, "1.34.1", { ...silent, sources: [fakeSource("release", "1.34.1")] });
    const sources = [fakeSource("debian", "1.20.2")];
    await expect(ensureDistribution(settings, "1.20.4", "strict", { ...silent, sources })).rejects.toThrow(
      "it has only 1.20.2",
    );
    const { distribution, exact } = await ensureDistribution(settings, "1.20.4", "nearest", { ...silent, sources });
    expect({ version: distribution.version, exact }).toEqual({ version: "1.20.2", exact: false });
  });

  test("where it is not to be had, the nearest that is installed has to do, and that is told", async () => {
    const settings = options({ autoInstall });
    await installDistribution(settings, "1.34.1", { ...silent, sources: [fakeSource("release", "1.34.1")] });
    const messages: string[] = [];
    const report = (message: string) => void messages.push(message);
    const sources = [fakeSource("release", "1.34.1", "the network is down")];
    const { distribution } = await ensureDistribution(settings, "1.30.1", "nearest", { report, sources });
    expect(distribution.version).toBe("1.34.1");
    expect(messages).toContain("Kubernetes 1.30 is not to be had here");
  });
});

test("what is damaged is found by its sums, and installed again", async () => {
  const settings = options();
  const source = fakeSource("release", "1.34.1");
  const install = () => installDistribution(settings, "1.34.1", { ...silent, sources: [source] });
  const { executables } = await install();
  await install();
  expect(source.fetches).toBe(1);
  const whole = readFileSync(executables.etcd, "utf8");
  writeFileSync(executables.etcd, whole.replace("etcd", "ETCD"));
  await install();
  expect(source.fetches).toBe(2);
  expect(readFileSync(executables.etcd, "utf8")).toBe(whole);
});
