import { generateKeyPairSync, randomBytes, randomInt } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "undici";
import { SourceUnavailableError } from "../../distribution.ts";
import { architecture } from "../../machine.ts";
import { runCommand } from "../../run-command.ts";

/** How long the two processes may take until an object can be posted, in milliseconds (seen: 5 s on 2 cores). */
const deadlineMs = 120_000;

const pollMs = 200;

/**
 * Boots an etcd and an API server and posts an object with labels. An API server whose JSON maps are broken
 * starts and answers `/readyz`, so only a post tells. Leaves no process behind.
 *
 * @param executables absolute paths.
 * @param folder where their data goes; made here, the caller removes it.
 * @throws {SourceUnavailableError} with the end of the output where it does not work.
 */
export async function bootCheck(
  executables: Readonly<Record<"etcd" | "kube-apiserver", string>>,
  folder: string,
  signal?: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const giveUp = AbortSignal.any([stop.signal, AbortSignal.timeout(deadlineMs), ...(signal ? [signal] : [])]);
  const { token, etcd, apiServer, address, certificates } = await prepare(folder);
  const output: string[] = [];
  // etcd 3.4 runs on arm64 only where it is told that this is meant.
  const env = { PATH: process.env.PATH ?? "", ETCD_UNSUPPORTED_ARCH: architecture() };
  const onLine = (line: string) => output.push(line);
  const start = (name: keyof typeof executables, args: readonly string[]) =>
    runCommand(executables[name], args, { cwd: folder, env, signal: giveUp, onLine });
  const running = [start("etcd", etcd), start("kube-apiserver", apiServer)];
  try {
    // Both run until they are ended, so one that ends by itself fails the check at once.
    await Promise.race([...running, postNamespace(address, token, certificates, giveUp)]);
  } catch (error) {
    signal?.throwIfAborted();
    const tail = output.slice(-3).join(" | ");
    throw new SourceUnavailableError(`the built API server did not take an object (${String(error)}): ${tail}`);
  } finally {
    stop.abort();
    await Promise.allSettled(running);
  }
}

/** Folder, keys and arguments: a loopback address of its own, so that the standard ports are free. */
async function prepare(folder: string) {
  const address = `127.${randomInt(200, 250)}.${randomInt(1, 250)}.${randomInt(2, 250)}`;
  const certificates = join(folder, "certificates");
  await mkdir(certificates, { recursive: true, mode: 0o700 });
  const token = randomBytes(24).toString("hex");
  const tokens = join(folder, "tokens.csv");
  await writeFile(tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
  const key = join(folder, "service-accounts.key");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await writeFile(key, privateKey.export({ type: "sec1", format: "pem" }), { mode: 0o600 });
  const clients = `http://${address}:2379`;
  const peers = `http://${address}:2380`;
  return {
    address,
    token,
    certificates,
    etcd: [
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
    ],
    apiServer: [
      `--etcd-servers=${clients}`,
      `--bind-address=${address}`,
      // From the range for documentation (RFC 5737): an API server may not advertise a loopback address.
      "--advertise-address=192.0.2.1",
      `--cert-dir=${certificates}`,
      `--token-auth-file=${tokens}`,
      "--authorization-mode=RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      "--service-cluster-ip-range=10.96.0.0/24",
    ],
  };
}

/** Posts a namespace with labels as soon as the API server takes one, and compares what comes back. */
async function postNamespace(address: string, token: string, certificates: string, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "trial", labels: { one: "1", two: "2" } },
  });
  let last = "no answer";
  for (;;) {
    signal.throwIfAborted();
    try {
      const { status, text } = await post(address, token, certificates, body);
      if (status === 201 && JSON.parse(text).metadata?.labels?.two === "2") return;
      last = `status ${status}: ${text.slice(0, 200)}`;
    } catch (error) {
      last = String(error);
    }
    await delay(pollMs, undefined, { signal }).catch(() => {
      throw new Error(last);
    });
  }
}

async function post(address: string, token: string, certificates: string, body: string) {
  const ca = await readFile(join(certificates, "apiserver.crt"));
  const client = new Client(`https://${address}:6443`, { connect: { ca, servername: "kubernetes" }, allowH2: false });
  try {
    const response = await client.request({
      path: "/api/v1/namespaces",
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body,
    });
    return { status: response.statusCode, text: await response.body.text() };
  } finally {
    await client.destroy();
  }
}
