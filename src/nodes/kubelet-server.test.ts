import { once } from "node:events";
import { type IncomingMessage, request as startRequest } from "node:http";
import type { RequestOptions } from "node:https";
import { request } from "node:https";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  type CertificateAndKey,
  createCertificateAuthority,
  issueCertificate,
} from "../kubernetes/pki/certificates.ts";
import { type KubeletServer, startKubeletServer } from "./kubelet-server.ts";
import type { ContainerState, PodObject } from "./objects.ts";
import type { KubeletEndpoint } from "./simulated-node.ts";

const log = pino({ level: "silent" });
const startedAt = "2026-01-31T08:00:00Z";
const pods = new Map<string, PodObject>();
const listeners = new Set<() => void>();

let ca: CertificateAndKey;
let endpoint: KubeletEndpoint;
let server: KubeletServer;
let administrator: CertificateAndKey;

beforeAll(async () => {
  ca = await createCertificateAuthority("test");
  const serving = await issueCertificate(ca, { commonName: "k", ipAddresses: ["127.0.0.1"], usages: ["server"] });
  administrator = await clientCertificate(ca, ["other", "system:masters"]);
  endpoint = { address: "127.0.0.1", port: 0, tls: { ...serving, clientCa: ca.cert } };
  server = await startKubeletServer(
    endpoint,
    {
      find: (namespace, name) => pods.get(`${namespace}/${name}`),
      subscribe(_namespace, _name, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    log,
  );
  setPod({ running: { startedAt } });
});

afterAll(() => server.close());

function clientCertificate(authority: CertificateAndKey, organizations: string[]) {
  return issueCertificate(authority, { commonName: "client", organizations, usages: ["client"] });
}

function setPod(state: ContainerState) {
  pods.set("default/web", {
    metadata: { name: "web", namespace: "default", uid: "u", resourceVersion: "1" },
    spec: { nodeName: "worker-1", containers: [{ name: "app", image: "nginx" }] },
    status: {
      containerStatuses: [{ name: "app", image: "nginx:latest", imageID: "", ready: true, restartCount: 0, state }],
    },
  });
  for (const listener of [...listeners]) listener();
}

async function open(path: string, options: RequestOptions = administrator): Promise<IncomingMessage> {
  const outgoing = request({ host: "127.0.0.1", port: server.port, path, ca: ca.cert, agent: false, ...options });
  outgoing.end();
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  return response;
}

async function ask(path: string, options?: RequestOptions) {
  const response = await open(path, options);
  return { status: response.statusCode, body: await text(response) };
}

describe("who is let in", () => {
  it("the API server and administrators", async () => {
    expect(await ask("/healthz")).toEqual({ status: 200, body: "ok\n" });
  });

  it("nobody without a certificate", async () => {
    await expect(ask("/healthz", {})).rejects.toThrow();
  });

  it("nobody with a certificate of another authority", async () => {
    const foreign = await clientCertificate(await createCertificateAuthority("test"), ["system:masters"]);
    await expect(ask("/healthz", foreign)).rejects.toThrow();
  });

  it("no other user of the cluster", async () => {
    const user = await clientCertificate(ca, ["developers"]);
    expect(await ask("/containerLogs/default/web/app", user)).toMatchObject({ status: 403 });
  });

  it("nobody without TLS", async () => {
    const outgoing = startRequest({ host: "127.0.0.1", port: server.port, path: "/healthz", agent: false });
    outgoing.end();
    await expect(once(outgoing, "response")).rejects.toThrow();
  });
});

describe("logs", () => {
  it("of a container", async () => {
    const { status, body } = await ask("/containerLogs/default/web/app?tailLines=1");
    expect({ status, body }).toEqual({ status: 200, body: "Started at 2026-01-31T08:00:00Z.\n" });
  });

  it.each([
    ["/containerLogs/default/other/app", 404, 'pod "other" not found\n'],
    ["/containerLogs/default/web/other", 404, 'container "other" not found in pod "web"\n'],
    [
      "/containerLogs/default/web/app?tailLines=x",
      400,
      'tailLines is "x", but must be a whole number of at least 0.\n',
    ],
    [
      "/containerLogs/default/web/app?previous=true",
      400,
      'previous terminated container "app" in pod "web" not found\n',
    ],
    ["/containerLogs/default/web", 404, "404 page not found\n"],
    ["/containerLogs/default/%zz/app", 400, "The path has a broken percent sign sequence.\n"],
    ["/pods", 404, "404 page not found\n"],
  ])("%s is refused with %i", async (path, status, body) => {
    expect(await ask(path)).toEqual({ status, body });
  });

  it("are followed until the container ends", async () => {
    setPod({ running: { startedAt } });
    const response = await open("/containerLogs/default/web/app?follow=true&tailLines=1");
    await vi.waitFor(() => expect(listeners.size).toBe(1));
    setPod({ running: { startedAt } });
    setPod({
      terminated: {
        exitCode: 0,
        reason: "Completed",
        startedAt,
        finishedAt: "2026-01-31T08:05:00Z",
        containerID: "docker://x",
      },
    });
    expect(await text(response)).toBe(
      "Started at 2026-01-31T08:00:00Z.\nCompleted with exit code 0 at 2026-01-31T08:05:00Z.\n",
    );
    expect(listeners.size).toBe(0);
  });

  it("are followed until the pod is gone", async () => {
    setPod({ running: { startedAt } });
    const response = await open("/containerLogs/default/web/app?follow=true&tailLines=0");
    await vi.waitFor(() => expect(listeners.size).toBe(1));
    pods.clear();
    for (const listener of [...listeners]) listener();
    expect(await text(response)).toBe("");
  });

  it("are followed until the client leaves", async () => {
    setPod({ running: { startedAt } });
    const response = await open("/containerLogs/default/web/app?follow=true");
    await vi.waitFor(() => expect(listeners.size).toBe(1));
    response.destroy();
    await vi.waitFor(() => expect(listeners.size).toBe(0));
  });

  it("end at once where the container has ended, followed or not", async () => {
    const terminated = { exitCode: 0, reason: "", startedAt, finishedAt: startedAt, containerID: "" };
    setPod({ terminated });
    const { body } = await ask("/containerLogs/default/web/app?follow=true&tailLines=1");
    expect(body).toBe("Completed with exit code 0 at 2026-01-31T08:00:00Z.\n");
  });
});

describe("what needs a running program", () => {
  it.each([
    ["exec", "kubectl exec is not supported on a simulated node"],
    ["attach", "kubectl attach is not supported on a simulated node"],
    ["portForward", "kubectl port-forward is not supported on a simulated node"],
  ])("%s is refused with a Status that kubectl shows", async (kind, message) => {
    const headers = { connection: "Upgrade", upgrade: "SPDY/3.1" };
    const { status, body } = await ask(`/${kind}/default/web/app`, { ...administrator, headers });
    expect(status).toBe(501);
    expect(JSON.parse(body)).toMatchObject({ kind: "Status", message: expect.stringContaining(message) });
  });
});

describe("startKubeletServer", () => {
  it("makes a server that closes at once, whatever its clients do", async () => {
    const other = await startKubeletServer(endpoint, { find: () => undefined, subscribe: () => () => {} }, log);
    const silent = connect(other.port, "127.0.0.1");
    await once(silent, "connect");
    await other.close();
    await once(silent.resume(), "close");
  });

  it("says which address is taken", async () => {
    const taken = { ...endpoint, port: server.port };
    await expect(startKubeletServer(taken, { find: () => undefined, subscribe: () => () => {} }, log)).rejects.toThrow(
      `The kubelets of the simulated nodes cannot listen on 127.0.0.1:${server.port}`,
    );
  });
});
