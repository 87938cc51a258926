import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type isFree, isLoopbackNetwork } from "./loopback.ts";
import { createNetworks, type NetworkOwner } from "./networks.ts";

let folder: string;
let claimsFolder: string;
const timing = { staleClaimAge: 60_000, claimLockDeadline: 60_000 };
const allFree = async () => true;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sampan-networks-"));
  claimsFolder = join(folder, "claims");
});

afterEach(() => rm(folder, { recursive: true }));

/** A cluster whose folder exists, as it does before a network is claimed. */
function owner(cluster: string, home = "home"): NetworkOwner {
  const path = join(folder, home, cluster);
  mkdirSync(path, { recursive: true });
  return { cluster, folder: path };
}

const networks = (probe: typeof isFree = allFree) => createNetworks({ claimsFolder, timing, probe });

function writeClaim(network: string, claim: NetworkOwner, age: number): void {
  mkdirSync(claimsFolder, { recursive: true });
  writeFileSync(join(claimsFolder, network), JSON.stringify({ ...claim, claimedAt: Date.now() - age }));
}

test("a cluster keeps the network that it has, whoever asks", async () => {
  const first = await networks().claim(owner("a"));
  expect(isLoopbackNetwork(first)).toBe(true);
  expect(await networks().claim(owner("a"))).toBe(first);
  expect(readdirSync(claimsFolder)).toEqual([first]);
});

test("clusters of the same id in two homes have two networks", async () => {
  const [one, other] = [await networks().claim(owner("a", "home-1")), await networks().claim(owner("a", "home-2"))];
  expect(one).not.toBe(other);
});

test("a released network leaves nothing behind, and can be released again", async () => {
  await networks().claim(owner("a"));
  await networks().release(owner("a"));
  await networks().release(owner("a"));
  expect(readdirSync(claimsFolder)).toEqual([]);
});

test("release without any claims folder does nothing", async () => {
  await expect(networks().release(owner("a"))).resolves.toBeUndefined();
});

test("a network whose ports are in use by something else is passed over", async () => {
  const first = await networks().claim(owner("a"));
  await networks().release(owner("a"));
  const second = await networks(async ({ address }) => !address.startsWith(`${first}.`)).claim(owner("a"));
  expect(second).not.toBe(first);
});

test("a program that listens on all addresses is named by its port", async () => {
  const busy = networks(async ({ port }) => port !== 10250);
  await expect(busy.claim(owner("a"))).rejects.toThrow('Find it with "ss -ltnp | grep :10250"');
});

test("the real probe finds a listener of another program", async () => {
  const claimed = await createNetworks({ claimsFolder, timing }).claim(owner("a"));
  await networks().release(owner("a"));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(6443, `${claimed}.1`, resolve));
  expect(await createNetworks({ claimsFolder, timing }).claim(owner("a"))).not.toBe(claimed);
  await new Promise((resolve) => server.close(resolve));
});

describe("a claim whose cluster is gone", () => {
  const gone = { cluster: "gone", folder: "/nowhere/clusters/gone" };

  test("is removed once it is older than a minute", async () => {
    writeClaim("127.64.5", gone, 61_000);
    const claimed = await networks().claim(owner("a"));
    expect(readdirSync(claimsFolder)).toEqual([claimed]);
  });

  test.each([
    ["is younger than a minute", gone, 59_000],
    ["belongs to a cluster that is there", undefined, 3_600_000],
  ])("stays where it %s", async (_, claim, age) => {
    writeClaim("127.64.5", claim ?? owner("there"), age);
    await networks().claim(owner("a"));
    expect(readdirSync(claimsFolder)).toContain("127.64.5");
  });
});

test("a damaged claim is an error that names the file", async () => {
  mkdirSync(claimsFolder, { recursive: true });
  writeFileSync(join(claimsFolder, "127.64.5"), "");
  await expect(networks().claim(owner("a"))).rejects.toThrow(
    `${join(claimsFolder, "127.64.5")}, which says whose a loopback network is, cannot be read`,
  );
});

test("what a killed process had begun to write is removed", async () => {
  mkdirSync(claimsFolder, { recursive: true });
  writeFileSync(join(claimsFolder, "127.64.5.0a1b2c3d4e5f.tmp"), "{");
  const claimed = await networks().claim(owner("a"));
  expect(readdirSync(claimsFolder)).toEqual([claimed]);
});

describe("keeping a network", () => {
  test("writes a lost claim again", async () => {
    const claimed = await networks().claim(owner("a"));
    rmSync(claimsFolder, { recursive: true });
    await networks().keep(owner("a"), claimed);
    await networks().keep(owner("a"), claimed);
    expect(readdirSync(claimsFolder)).toEqual([claimed]);
  });

  test("is refused where another cluster has it", async () => {
    const claimed = await networks().claim(owner("other"));
    await expect(networks().keep(owner("a"), claimed)).rejects.toThrow(
      `belongs to the cluster in ${owner("other").folder} now`,
    );
  });
});

test("many claims at once, from several processes, never give one network twice", async () => {
  const module = JSON.stringify(new URL("./networks.ts", import.meta.url).href);
  const code = `
    const { createNetworks } = await import(${module});
    const { mkdirSync } = await import("node:fs");
    const [claimsFolder, folder] = process.argv.slice(1);
    const networks = createNetworks({ claimsFolder, timing: ${JSON.stringify(timing)}, probe: async () => true });
    const claimed = await Promise.all(Array.from({ length: 8 }, async (_, index) => {
      const own = folder + "/" + process.pid + "-" + index;
      mkdirSync(own, { recursive: true });
      // The search starts at the same place for the same id, so that all want the same networks.
      return networks.claim({ cluster: "same", folder: own });
    }));
    process.stdout.write(JSON.stringify(claimed));`;
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () => {
      const args = ["--input-type=module", "-e", code, claimsFolder, join(folder, "clusters")];
      return text(spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] }).stdout);
    }),
  );
  const claimed = outputs.flatMap((output) => JSON.parse(output) as string[]);
  expect(claimed).toHaveLength(32);
  expect(new Set(claimed).size).toBe(32);
  expect(readdirSync(claimsFolder).toSorted()).toEqual(claimed.toSorted());
});

test("whatever clusters come and go, each has one network and no two share one", async () => {
  const step = fc.record({ claims: fc.boolean(), cluster: fc.constantFrom("a", "b", "c", "d", "e") });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      rmSync(claimsFolder, { recursive: true, force: true });
      mkdirSync(claimsFolder);
      const held = new Map<string, string>();
      for (const { claims, cluster } of steps) {
        if (claims) {
          const network = await networks().claim(owner(cluster));
          expect(held.get(cluster) ?? network).toBe(network);
          held.set(cluster, network);
        } else {
          await networks().release(owner(cluster));
          held.delete(cluster);
        }
        expect(new Set(held.values()).size).toBe(held.size);
        expect(readdirSync(claimsFolder, { recursive: true }).toSorted()).toEqual([...held.values()].toSorted());
      }
    }),
    { numRuns: 30 },
  );
});
