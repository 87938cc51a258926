import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { installDistribution } from "../install.ts";
import { startMirror } from "../testing/fake-mirror.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { debianSource } from "./debian.ts";
import { releaseSource } from "./release.ts";

/** Lets apt believe that the machine is configured with just this list of sources. */
function configureApt(sources: string): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "parts"));
  writeFileSync(join(folder, "sources.list"), sources);
  writeFileSync(
    join(folder, "apt.conf"),
    `Dir::Etc::SourceList "${folder}/sources.list";\nDir::Etc::SourceParts "${folder}/parts";\n`,
  );
  vi.stubEnv("APT_CONFIG", join(folder, "apt.conf"));
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return folder;
}

/** An address on loopback where nobody listens. */
async function deadAddress(): Promise<string> {
  const mirror = await startMirror();
  await mirror.stop();
  return new URL(mirror.kubernetesReleaseUrl).origin;
}

function install(address: string, directory: string) {
  const options = { directory, kubernetesReleaseUrl: `${address}/release`, etcdReleaseUrl: `${address}/etcd` };
  return installDistribution(options, undefined, { sources: [releaseSource, debianSource], report() {} });
}

test("without any network, one error says what was tried and what to do, and nothing is kept", {
  timeout: 60_000,
}, async () => {
  const address = await deadAddress();
  configureApt(`deb ${address}/debian bookworm main\n`);
  const directory = temporaryFolder();
  const { message } = await install(address, directory).then(
    () => ({ message: "installed" }),
    (error: Error) => error,
  );
  expect(message).toContain("No distribution of Kubernetes could be had. Tried release: ");
  expect(message).toContain(`${address}/release/stable.txt cannot be fetched (connect ECONNREFUSED`);
  expect(message).toContain(
    `debian: no Debian mirror gave the packages (${address}/debian: Failed to fetch ${address}/debian/dists/bookworm/InRelease`,
  );
  expect(message).toContain("SAMPAN_DISTRIBUTION_PATH");
  expect(readdirSync(directory)).toEqual([".lock"]);
});

test("a machine whose apt knows no Debian mirror is told where was looked", async () => {
  const address = await deadAddress();
  const folder = configureApt(`deb ${address}/ubuntu jammy main\n`);
  await expect(install(address, temporaryFolder())).rejects.toThrow(
    `debian: apt on this machine is configured for no Debian mirror (looked in ${folder}/sources.list)`,
  );
});

test("a cache folder that a makefile cannot work with is refused before anything is fetched", async () => {
  const address = await deadAddress();
  configureApt(`deb ${address}/debian bookworm main\n`);
  await expect(install(address, join(temporaryFolder(), "with space"))).rejects.toThrow(
    /debian: the cache folder's path \(".*with space.*"\) has a character that Kubernetes' makefiles cannot work with/,
  );
});
