import { createServer } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  intranetAddress,
  isFree,
  isLoopbackNetwork,
  kubeletAddress,
  memberAddress,
  networkAt,
  networkCount,
  publicAddress,
} from "./loopback.ts";

test.each([
  [0, "127.64.0"],
  [5, "127.64.5"],
  [255, "127.64.255"],
  [256, "127.65.0"],
  [networkCount - 1, "127.127.255"],
])("network %i is %s", (index, network) => {
  expect(networkAt(index)).toBe(network);
});

test("a network has two endpoints, a kubelet listener and members", () => {
  expect(publicAddress("127.64.5")).toBe("127.64.5.1");
  expect(intranetAddress("127.64.5")).toBe("127.64.5.3");
  expect(kubeletAddress("127.64.5")).toBe("127.64.5.2");
  expect([0, 1, 2].map((member) => memberAddress("127.64.5", member))).toEqual([
    "127.64.5.11",
    "127.64.5.12",
    "127.64.5.13",
  ]);
});

test("every network is recognised, and no two are the same", () => {
  const networks = Array.from({ length: networkCount }, (_, index) => networkAt(index));
  expect(new Set(networks).size).toBe(networkCount);
  expect(networks.every(isLoopbackNetwork)).toBe(true);
});

test.each([
  "127.63.255",
  "127.128.0",
  "127.64.256",
  "127.64.05",
  "127.64.5.1",
  "127.64.5.tmp",
  "10.64.5",
  "",
  "127.64",
])("%j is no network", (text) => {
  expect(isLoopbackNetwork(text)).toBe(false);
});

test("no text but the 16,384 spellings is a network", () => {
  const octet = fc.oneof(fc.nat({ max: 300 }).map(String), fc.string({ maxLength: 4 }));
  fc.assert(
    fc.property(octet, octet, (second, third) => {
      const [a, b] = [Number(second), Number(third)];
      const expected = `${a}.${b}` === `${second}.${third}` && a >= 64 && a <= 127 && b >= 0 && b <= 255;
      const isWhole = Number.isInteger(a) && Number.isInteger(b);
      expect(isLoopbackNetwork(`127.${second}.${third}`)).toBe(expected && isWhole);
    }),
  );
});

test.each([
  ["the same address", "127.64.0.1"],
  ["all addresses", "0.0.0.0"],
])("a port is not free while something listens on %s", async (_, listening) => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, listening, () => resolve((server.address() as { port: number }).port));
  });
  expect(await isFree({ address: "127.64.0.1", port })).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await isFree({ address: "127.64.0.1", port })).toBe(true);
});
