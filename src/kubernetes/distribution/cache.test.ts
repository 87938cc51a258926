import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listInstalled, makeStaging, publish, removeLeftovers } from "./cache.ts";
import type { SourceName } from "./distribution.ts";
import { writeFakeExecutables } from "./testing/fake-executables.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const etcdFile = "3.4.23";

/** Publishes fake executables of a version; for `path` they stay in a folder outside. */
async function install(directory: string, version: string, source: SourceName, outside = temporaryFolder()) {
  const staging = await makeStaging(directory);
  const bin = source === "path" ? outside : join(staging, "bin");
  const executables = writeFakeExecutables(bin, { version, etcdVersion: etcdFile });
  return publish(directory, staging, { version, etcdVersion: etcdFile, source, executables });
}

test("a published distribution is listed with absolute paths, and nothing else is left", async () => {
  const directory = temporaryFolder();
  await install(directory, "1.20.2", "debian");
  const bin = join(directory, "1.20.2-debian", "bin");
  expect(await listInstalled(directory)).toEqual([
    {
      version: "1.20.2",
      etcdVersion: etcdFile,
      source: "debian",
      directory: bin,
      executables: {
        etcd: join(bin, "etcd"),
        "kube-apiserver": join(bin, "kube-apiserver"),
        "kube-controller-manager": join(bin, "kube-controller-manager"),
        "kube-scheduler": join(bin, "kube-scheduler"),
        kubectl: join(bin, "kubectl"),
      },
    },
  ]);
  expect(readdirSync(directory)).toEqual(["1.20.2-debian"]);
});

test("executables elsewhere stay there and are only noted down", async () => {
  const directory = temporaryFolder();
  const outside = temporaryFolder();
  await install(directory, "1.34.1", "path", outside);
  expect(await listInstalled(directory)).toMatchObject([
    { source: "path", directory: outside, executables: { etcd: join(outside, "etcd") } },
  ]);
  expect(readdirSync(join(directory, "1.34.1-path", "bin"))).toEqual([]);
});

test("versions are listed in the order of their numbers, then of their sources", async () => {
  const directory = temporaryFolder();
  for (const [version, source] of [
    ["1.20.10", "release"],
    ["1.9.3", "release"],
    ["1.20.2", "debian"],
    ["1.20.2", "path"],
  ] as const) {
    await install(directory, version, source);
  }
  const listed = await listInstalled(directory);
  expect(listed.map(({ version, source }) => `${version}-${source}`)).toEqual([
    "1.9.3-release",
    "1.20.2-path",
    "1.20.2-debian",
    "1.20.10-release",
  ]);
});

test("a folder that is not there lists nothing", async () => {
  expect(await listInstalled("/nowhere/at-all")).toEqual([]);
});

test("a cache that was moved is as good as before", async () => {
  const parent = temporaryFolder();
  await install(join(parent, "old"), "1.20.2", "debian");
  await rename(join(parent, "old"), join(parent, "new"));
  expect(await listInstalled(join(parent, "new"))).toMatchObject([
    { executables: { etcd: join(parent, "new/1.20.2-debian/bin/etcd") } },
  ]);
});

test("a cache whose times changed, as packing and unpacking does, is as good as before", async () => {
  const directory = temporaryFolder();
  const { executables } = await install(directory, "1.20.2", "debian");
  utimesSync(executables.etcd, 1, 1);
  expect(await listInstalled(directory)).toHaveLength(1);
});

const damages: Record<string, (entry: string) => void> = {
  "no manifest": (entry) => rmSync(join(entry, "manifest.json")),
  "an empty manifest": (entry) => truncateSync(join(entry, "manifest.json"), 0),
  "half a manifest": (entry) => truncateSync(join(entry, "manifest.json"), 200),
  "a manifest of another format": (entry) => writeFileSync(join(entry, "manifest.json"), '{"format":2}'),
  "a missing executable": (entry) => rmSync(join(entry, "bin", "kube-scheduler")),
  "half an executable": (entry) => truncateSync(join(entry, "bin", "kube-apiserver"), 5),
  "a folder in an executable's place": (entry) => {
    rmSync(join(entry, "bin", "etcd"));
    mkdirSync(join(entry, "bin", "etcd"));
  },
};

test.each(Object.entries(damages))(
  "an entry with %s is not used, and is replaced by the next one",
  async (_, damage) => {
    const directory = temporaryFolder();
    await install(directory, "1.20.2", "debian");
    damage(join(directory, "1.20.2-debian"));
    expect(await listInstalled(directory)).toEqual([]);

    await install(directory, "1.20.2", "debian");
    expect(await listInstalled(directory)).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(["1.20.2-debian"]);
  },
);

test("executables elsewhere that were replaced are not used any more", async () => {
  const directory = temporaryFolder();
  const outside = temporaryFolder();
  const { executables } = await install(directory, "1.20.2", "path", outside);
  utimesSync(executables.etcd, 1, 1);
  expect(await listInstalled(directory)).toEqual([]);
});

test("what was complete but never took its name is not used, and is removed as a leftover", async () => {
  const directory = temporaryFolder();
  const { version } = await install(directory, "1.20.2", "debian");
  const manifest = await readFile(join(directory, `${version}-debian`, "manifest.json"), "utf8");
  await rename(join(directory, `${version}-debian`), join(directory, ".staging-0123456789ab"));
  expect(manifest).toContain('"version": "1.20.2"');
  expect(await listInstalled(directory)).toEqual([]);

  await removeLeftovers(directory);
  expect(readdirSync(directory)).toEqual([]);
});

test("leftovers are removed although folders in them are write-protected, and entries stay", async () => {
  const directory = temporaryFolder();
  await install(directory, "1.20.2", "debian");
  const staging = await makeStaging(directory);
  mkdirSync(join(staging, "work/locked"), { recursive: true });
  writeFileSync(join(staging, "work/locked/file.go"), "package file\n");
  chmodSync(join(staging, "work/locked"), 0o500);
  await removeLeftovers(directory);
  expect(readdirSync(directory)).toEqual(["1.20.2-debian"]);
});

test("a build that goes on in a leftover, its Sampan having been killed, is ended", async () => {
  const directory = temporaryFolder();
  const staging = await makeStaging(directory);
  const orphan = spawn("sh", ["-c", "echo started; while :; do echo more >> file; done"], {
    cwd: join(staging, "bin"),
  });
  const ended = once(orphan, "exit");
  await once(orphan.stdout, "data");
  await removeLeftovers(directory);
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(readdirSync(directory)).toEqual([]);
});
