import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { type DownloadTimeouts, downloadTimeouts } from "../download.ts";
import { installDistribution } from "../install.ts";
import {
  etcdPath,
  type FakeMirror,
  kubernetesPath,
  publishChannel,
  publishEtcd,
  publishKubernetes,
  startMirror,
} from "../testing/fake-mirror.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { etcdReleaseFor, makeReleaseSource } from "./release.ts";

const etcdFor134 = "3.6.8";

/** A mirror that holds 1.34.1, as the newest, with its etcd. */
async function mirrorOf134(): Promise<FakeMirror> {
  const mirror = await startMirror();
  publishKubernetes(mirror, "1.34.1");
  publishChannel(mirror, "stable", "1.34.1");
  publishChannel(mirror, "stable-1.34", "1.34.1");
  await publishEtcd(mirror, etcdFor134);
  return mirror;
}

/** Installs from the mirror alone into a cache of its own. */
function installer(mirror: FakeMirror, timeouts: Partial<DownloadTimeouts> = {}) {
  const { kubernetesReleaseUrl, etcdReleaseUrl } = mirror;
  const options = { directory: temporaryFolder(), kubernetesReleaseUrl, etcdReleaseUrl };
  const messages: string[] = [];
  const sources = [makeReleaseSource({ ...downloadTimeouts, pause: 1, ...timeouts })];
  return {
    messages,
    names: () => readdirSync(options.directory).filter((name) => name !== ".lock"),
    install: (version: string | undefined, policy: "nearest" | "strict" = "strict", signal?: AbortSignal) =>
      installDistribution(options, version, { sources, policy, signal, report: (message) => messages.push(message) }),
  };
}

test("installs the newest release with its etcd, step by step", async () => {
  const mirror = await mirrorOf134();
  const { install, names, messages } = installer(mirror);
  const installed = await install(undefined);
  expect(installed).toMatchObject({ version: "1.34.1", etcdVersion: etcdFor134, source: "release" });
  expect(names()).toEqual(["1.34.1-release"]);
  expect(readdirSync(installed.directory).toSorted()).toEqual([
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubectl",
  ]);
  expect(messages.map((message) => message.replace(/127.0.0.1:\d+/, "mirror"))).toEqual([
    "Asking http://mirror/release for the newest Kubernetes",
    "Downloading etcd 3.6.8: 0 of 0 MB",
    "Downloading kube-apiserver 1.34.1: 0 of 0 MB",
    "Downloading kube-controller-manager 1.34.1: 0 of 0 MB",
    "Downloading kube-scheduler 1.34.1: 0 of 0 MB",
    "Downloading kubectl 1.34.1: 0 of 0 MB",
    "Checking the executables",
    "Kubernetes 1.34.1 with etcd 3.6.8 is ready",
  ]);
});

test.each([
  { asked: "1.34.1", policy: "strict", version: "1.34.1", why: "the very version" },
  { asked: "1.34", policy: "strict", version: "1.34.1", why: "the newest patch of the minor" },
  { asked: "1.34.7", policy: "nearest", version: "1.34.1", why: "a missing patch gives the minor's newest" },
  { asked: "1.31.2", policy: "nearest", version: "1.32.9", why: "a missing minor gives the next higher" },
  { asked: "1.99.0", policy: "nearest", version: "1.34.1", why: "beyond all gives the newest" },
  { asked: "1.16.9", policy: "nearest", version: "1.32.9", why: "too old to run gives the oldest that there is" },
] as const)("$asked ($policy) → $version: $why", async ({ asked, policy, version }) => {
  const mirror = await mirrorOf134();
  publishKubernetes(mirror, "1.32.9");
  publishChannel(mirror, "stable-1.32", "1.32.9");
  publishKubernetes(mirror, "1.16.9");
  await publishEtcd(mirror, "3.5.24");
  expect((await installer(mirror).install(asked, policy)).version).toBe(version);
});

test.each([
  ["1.34.7", "Kubernetes 1.34.7 is not among the published releases"],
  ["1.99", "Kubernetes 1.99 is not among the published releases"],
  ["1.19.3", "Sampan runs Kubernetes 1.20 and newer, not 1.19.3"],
])("%s under the policy strict is refused", async (asked, reason) => {
  const { install } = installer(await mirrorOf134());
  await expect(install(asked)).rejects.toThrow(`release: ${reason}`);
});

test.each([
  ["an executable", kubernetesPath("1.34.1", "kube-scheduler")],
  ["etcd's archive", etcdPath(etcdFor134)],
])("%s that does not match its checksum is refused, and nothing is kept", async (_, path) => {
  const mirror = await mirrorOf134();
  mirror.files.set(path, Buffer.from("#!/bin/sh\necho evil\n"));
  const { install, names } = installer(mirror);
  await expect(install(undefined)).rejects.toThrow(
    /has the checksum [0-9a-f]{64}, and [0-9a-f]{64} is published: the file is damaged or not the real one, and was not kept/,
  );
  expect(names()).toEqual([]);
  expect(mirror.requests.filter((one) => one === path)).toHaveLength(1);
});

test.each([
  ["checksum", `${kubernetesPath("1.34.1", "kubectl")}.sha256`, "answered 404"],
  ["executable", kubernetesPath("1.34.1", "kubectl"), "answered 404"],
  ["list of checksums", `/etcd/v${etcdFor134}/SHA256SUMS`, "answered 404"],
])("a missing %s is refused, and nothing is kept", async (_, path, reason) => {
  const mirror = await mirrorOf134();
  mirror.files.delete(path);
  const { install, names } = installer(mirror);
  await expect(install(undefined)).rejects.toThrow(`${path} ${reason}`);
  expect(names()).toEqual([]);
});

test.each([
  ["an HTML page for a checksum", `${kubernetesPath("1.34.1", "kubectl")}.sha256`, "holds no checksum for the file"],
  ["a list of checksums without the archive", `/etcd/v${etcdFor134}/SHA256SUMS`, "holds no checksum for the file"],
  ["an HTML page for the newest version", "/release/stable.txt", 'holds no version ("<html>hello</html>")'],
])("%s is refused", async (_, path, reason) => {
  const mirror = await mirrorOf134();
  mirror.files.set(path, Buffer.from("<html>hello</html>"));
  await expect(installer(mirror).install(undefined)).rejects.toThrow(`${path} ${reason}`);
});

test("a body that breaks off is asked for again", async () => {
  const mirror = await mirrorOf134();
  const path = kubernetesPath("1.34.1", "kube-apiserver");
  mirror.answers.set(path, (response, body) => {
    mirror.answers.delete(path);
    response.writeHead(200, { "content-length": String(body?.length) });
    response.write(body?.subarray(0, 10), () => response.destroy());
  });
  expect((await installer(mirror).install(undefined)).version).toBe("1.34.1");
  expect(mirror.requests.filter((one) => one === path)).toHaveLength(2);
});

test("a body that breaks off each time is refused, and nothing is kept", async () => {
  const mirror = await mirrorOf134();
  const path = kubernetesPath("1.34.1", "kube-apiserver");
  mirror.answers.set(path, (response, body) => {
    response.writeHead(200, { "content-length": String(body?.length) });
    response.write(body?.subarray(0, 10), () => response.destroy());
  });
  const { install, names } = installer(mirror);
  await expect(install(undefined)).rejects.toThrow(`${path} cannot be fetched (other side closed)`);
  expect(names()).toEqual([]);
  expect(mirror.requests.filter((one) => one === path)).toHaveLength(3);
});

test("a server that takes the request and says nothing is given up", async () => {
  const mirror = await mirrorOf134();
  mirror.answers.set("/release/stable.txt", () => undefined);
  await expect(installer(mirror, { headers: 100 }).install(undefined)).rejects.toThrow(
    "/release/stable.txt cannot be fetched (Headers Timeout Error)",
  );
});

test("a server that falls silent in the middle of a file is given up, and nothing is kept", async () => {
  const mirror = await mirrorOf134();
  const path = kubernetesPath("1.34.1", "kube-apiserver");
  mirror.answers.set(path, (response, body) => {
    response.writeHead(200, { "content-length": String(body?.length) });
    response.write(body?.subarray(0, 10));
  });
  const { install, names } = installer(mirror, { body: 1000 });
  await expect(install(undefined)).rejects.toThrow(`${path} cannot be fetched (Body Timeout Error)`);
  expect(names()).toEqual([]);
});

test("abort in the middle of a file ends at once and keeps nothing", async () => {
  const mirror = await mirrorOf134();
  const controller = new AbortController();
  mirror.answers.set(kubernetesPath("1.34.1", "kubectl"), (response, body) => {
    response.writeHead(200, { "content-length": String(body?.length) });
    response.write(body?.subarray(0, 10));
    controller.abort(new Error("the task was cancelled"));
  });
  const { install, names } = installer(mirror);
  await expect(install(undefined, "strict", controller.signal)).rejects.toThrow("the task was cancelled");
  expect(names()).toEqual([]);
});

test("nobody listening is a reason in words", async () => {
  const mirror = await startMirror();
  await mirror.stop();
  const { host } = new URL(mirror.kubernetesReleaseUrl);
  await expect(installer(mirror).install(undefined)).rejects.toThrow(
    `release: http://${host}/release/stable.txt cannot be fetched (connect ECONNREFUSED ${host})`,
  );
});

test("a password in the mirror's address is sent to the mirror and shown to nobody", async () => {
  const mirror = await mirrorOf134();
  for (const key of ["kubernetesReleaseUrl", "etcdReleaseUrl"] as const) {
    mirror[key] = mirror[key].replace("http://", "http://ci:s3cret%21@");
  }
  mirror.files.delete(kubernetesPath("1.34.1", "kubectl"));
  const { install, messages } = installer(mirror);
  const error = await install(undefined).catch((reason: unknown) => reason);
  expect(`${error} ${messages.join(" ")}`).toContain("kubectl answered 404");
  expect(`${error} ${messages.join(" ")}`).not.toContain("s3cret");
  const sent = `Basic ${Buffer.from("ci:s3cret!").toString("base64")}`;
  expect(new Set(mirror.authorizations)).toEqual(new Set([sent]));
});

test.each([
  ["1.20.2", "3.4.35"],
  ["1.21.14", "3.4.35"],
  ["1.22.0", "3.5.24"],
  ["1.33.5", "3.5.24"],
  ["1.34.0", "3.6.8"],
  ["1.36.3", "3.6.8"],
  ["1.40.1", "3.7.3"],
])("Kubernetes %s goes with etcd %s", (version, etcd) => {
  expect(etcdReleaseFor(version)).toBe(etcd);
});
