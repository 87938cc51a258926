import { expect, test } from "vitest";
import { isLoopbackNetwork, type Listener, networkAt, networkCount } from "./loopback.ts";
import { findFreeNetwork } from "./search.ts";

const allFree = async () => true;
const everyNetwork = Array.from({ length: networkCount }, (_, index) => networkAt(index));

test("the search of one cluster always begins at the same network, those of others elsewhere", async () => {
  const clusters = Array.from({ length: 50 }, (_, index) => `cluster-${index}`);
  const found = await Promise.all(clusters.map((cluster) => findFreeNetwork(cluster, new Set(), allFree)));
  expect(found.every(isLoopbackNetwork)).toBe(true);
  expect(new Set(found).size).toBeGreaterThan(40);
  expect(await findFreeNetwork("cluster-0", new Set(), allFree)).toBe(found[0]);
});

test("the last free network is found, wherever the search begins", async () => {
  const taken = new Set(everyNetwork);
  taken.delete("127.99.7");
  expect(await findFreeNetwork("a", taken, allFree)).toBe("127.99.7");
});

test("when all networks are taken, the error says what to do", async () => {
  await expect(findFreeNetwork("a", new Set(everyNetwork), allFree)).rejects.toThrow(
    "All 16384 loopback networks of this machine are in use: delete a cluster first.",
  );
});

test("the ports of the endpoints, of the kubelets and of a member must be free", async () => {
  const probed: Listener[] = [];
  const network = await findFreeNetwork("a", new Set(), async (listener) => {
    probed.push(listener);
    return true;
  });
  expect(probed.map(({ address, port }) => `${address}:${port}`)).toEqual([
    `${network}.1:6443`,
    `${network}.3:6443`,
    `${network}.3:6444`,
    `${network}.2:10250`,
    `${network}.11:2379`,
    `${network}.11:2380`,
    `${network}.11:2381`,
    `${network}.11:6443`,
    `${network}.11:10257`,
    `${network}.11:10259`,
  ]);
});

test("the search gives up after 32 networks where the port is in use, and names it", async () => {
  const probed = new Set<string>();
  const busy = async ({ address, port }: Listener) => {
    probed.add(address.replace(/\.\d+$/, ""));
    return port !== 10257;
  };
  await expect(findFreeNetwork("a", new Set(), busy)).rejects.toThrow("Port 10257 is in use in 32 loopback networks");
  expect(probed.size).toBe(32);
});
