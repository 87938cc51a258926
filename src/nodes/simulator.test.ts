import { pino } from "pino";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { simulatedNode } from "../../test/support/simulated-node.ts";
import type { ApiAccess } from "../kubernetes/api-access.ts";
import { createCertificateAuthority, issueCertificate } from "../kubernetes/pki/certificates.ts";
import { type NodeSimulator, startNodeSimulator } from "./index.ts";
import type { KubeletEndpoint } from "./simulated-node.ts";

const log = pino({ level: "silent" });
let access: ApiAccess;
let kubelet: KubeletEndpoint;
let simulator: NodeSimulator;

beforeAll(async () => {
  const ca = await createCertificateAuthority("test");
  const serving = await issueCertificate(ca, { commonName: "k", ipAddresses: ["127.0.0.1"], usages: ["server"] });
  // Port 1: nobody answers there.
  access = { server: "https://127.0.0.1:1", ca: ca.cert, ...serving };
  kubelet = { address: "127.0.0.1", port: 0, tls: { ...serving, clientCa: ca.cert } };
});

afterEach(() => simulator.stop());

describe("while the API server does not answer", () => {
  it("waits as long as its caller does", async () => {
    simulator = await startNodeSimulator({ access, kubelet, nodes: [simulatedNode()], log });
    const impatient = new AbortController();
    const waiting = [
      simulator.whenReady(undefined, impatient.signal),
      simulator.removeNode("worker-9", impatient.signal),
    ];
    const outcomes = Promise.allSettled(waiting);
    impatient.abort(new Error("too long"));
    expect((await outcomes).map((outcome) => "reason" in outcome && outcome.reason.message)).toEqual([
      "too long",
      "too long",
    ]);
  });

  it("ends every wait when it is stopped, as often as one likes", async () => {
    simulator = await startNodeSimulator({ access, kubelet, nodes: [simulatedNode()], log });
    const outcomes = Promise.allSettled([simulator.whenReady(), simulator.removeNode("worker-9")]);
    await simulator.stop();
    await simulator.stop();
    expect((await outcomes).map((outcome) => "reason" in outcome && outcome.reason.message)).toEqual([
      "The node simulator was stopped.",
      "The node simulator was stopped.",
    ]);
    await expect(simulator.removeNode("worker-1")).rejects.toThrow("The node simulator was stopped.");
  });
});

describe("whenReady", () => {
  it("is nothing to wait for without nodes", async () => {
    simulator = await startNodeSimulator({ access, kubelet, nodes: [], log });
    await simulator.whenReady();
  });

  it("refuses names that were never asked for", async () => {
    simulator = await startNodeSimulator({ access, kubelet, nodes: [simulatedNode()], log });
    await expect(simulator.whenReady(["worker-1", "worker-2"])).rejects.toThrow("Node worker-2 was never asked for");
  });
});
