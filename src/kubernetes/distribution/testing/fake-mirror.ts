import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ExecutableName } from "../distribution.ts";
import { architecture } from "../machine.ts";
import { runCommand } from "../run-command.ts";
import { fakeExecutable, writeFakeExecutables } from "./fake-executables.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Answers one request in a way of its own. */
type Answer = (response: ServerResponse, body: Buffer | undefined) => void;

/** A mirror of release files on loopback, for tests. */
export interface FakeMirror {
  /** Base addresses, as the settings have them. */
  kubernetesReleaseUrl: string;
  etcdReleaseUrl: string;
  /** Published files by path. */
  files: Map<string, Buffer>;
  /** Paths that answer in a way of their own. */
  answers: Map<string, Answer>;
  /** Paths that were asked for, in order, and the `authorization` headers that came. */
  requests: string[];
  authorizations: (string | undefined)[];
  /** Stops serving before the test ends. */
  stop(): Promise<void>;
}

/** Starts a mirror on a free port of 127.0.0.1, which ends with the test. */
export async function startMirror(): Promise<FakeMirror> {
  const files = new Map<string, Buffer>();
  const answers = new Map<string, Answer>();
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    authorizations.push(request.headers.authorization);
    const body = files.get(path);
    const answer = answers.get(path);
    if (answer) return answer(response, body);
    if (!body) return response.writeHead(404).end("not here");
    return response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  };
  onTestFinished(stop);
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubernetesReleaseUrl: `${base}/release`,
    etcdReleaseUrl: `${base}/etcd`,
    files,
    answers,
    requests,
    authorizations,
    stop,
  };
}

/** Publishes a Kubernetes release as dl.k8s.io does: a bare checksum beside each executable. */
export function publishKubernetes({ files }: FakeMirror, version: string): void {
  const names: ExecutableName[] = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
  for (const name of names) {
    const path = kubernetesPath(version, name);
    const body = Buffer.from(fakeExecutable(name, { version, etcdVersion: "" }));
    files.set(path, body);
    files.set(`${path}.sha256`, Buffer.from(sha256(body)));
  }
}

/** Publishes an etcd release as GitHub has it: an archive, and one list of checksums for all of them. */
export async function publishEtcd({ files }: FakeMirror, version: string): Promise<void> {
  const folder = temporaryFolder();
  const name = `etcd-v${version}-linux-${architecture()}`;
  mkdirSync(join(folder, name));
  writeFakeExecutables(join(folder, name), { version: "", etcdVersion: version }, ["etcd"]);
  await runCommand("tar", ["-czf", "etcd.tar.gz", name], { cwd: folder });
  const body = readFileSync(join(folder, "etcd.tar.gz"));
  files.set(etcdPath(version), body);
  const others = `${"0".repeat(64)}  etcd-v${version}-darwin-amd64.zip\n`;
  files.set(`/etcd/v${version}/SHA256SUMS`, Buffer.from(`${others}${sha256(body)}  ${name}.tar.gz\n`));
}

/** Publishes the newest version of a channel, e.g. `stable` or `stable-1.34`. */
export function publishChannel({ files }: FakeMirror, name: string, version: string): void {
  files.set(`/release/${name}.txt`, Buffer.from(`v${version}\n`));
}

export function kubernetesPath(version: string, name: string): string {
  return `/release/v${version}/bin/linux/${architecture()}/${name}`;
}

export function etcdPath(version: string): string {
  return `/etcd/v${version}/etcd-v${version}-linux-${architecture()}.tar.gz`;
}

function sha256(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex");
}
