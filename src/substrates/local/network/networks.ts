import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder, writeFileAtomically } from "../../../machine/files.ts";
import type { Timing } from "../timing.ts";
import { withMachineLock } from "./lock.ts";
import { isFree, isLoopbackNetwork, type LoopbackNetwork } from "./loopback.ts";
import { findFreeNetwork } from "./search.ts";

/** Whose network it is: a cluster of one SAMPAN_HOME. */
export interface NetworkOwner {
  /** 32 hexadecimal digits. */
  cluster: string;
  /** Absolute path of the cluster's folder. It exists before the claim does, and a claim without it is stale. */
  folder: string;
}

/** The machine's loopback networks, shared by every SAMPAN_HOME. */
export interface Networks {
  /**
   * Gives the cluster a network of its own, or the one that it has already.
   * @throws {Error} where no network is left, or where a program listens on the standard ports of all addresses.
   */
  claim(owner: NetworkOwner): Promise<LoopbackNetwork>;
  /**
   * Makes sure that the cluster has the network that it lives in, also where the claims were lost.
   * @throws {Error} where another cluster has that network.
   */
  keep(owner: NetworkOwner, network: LoopbackNetwork): Promise<void>;
  /** Gives back whatever the cluster has; does nothing where it has none. */
  release(owner: NetworkOwner): Promise<void>;
}

/** What {@link createNetworks} needs. */
export interface NetworksOptions {
  /** Folder of the claims, one small file a network, the same for every SAMPAN_HOME of this machine. */
  claimsFolder: string;
  timing: Pick<Timing, "staleClaimAge" | "claimLockDeadline">;
  /** Tells whether an address and port are free; tests replace it. */
  probe?: typeof isFree;
}

interface Claim extends NetworkOwner {
  /** Milliseconds since 1970. */
  claimedAt: number;
}

/** Makes the registry of loopback networks. Holds nothing open. */
export function createNetworks({ claimsFolder, timing, probe = isFree }: NetworksOptions): Networks {
  const locked = <T>(work: () => Promise<T>) => withMachineLock(claimsFolder, timing.claimLockDeadline, work);
  const isStale = (claim: Claim) =>
    !existsSync(claim.folder) && Math.abs(Date.now() - claim.claimedAt) > timing.staleClaimAge;
  const removeStale = async (claims: Map<LoopbackNetwork, Claim>) => {
    for (const [network, claim] of claims) {
      if (!isStale(claim)) continue;
      await rm(join(claimsFolder, network), { force: true });
      claims.delete(network);
    }
  };

  return {
    claim: (owner) =>
      locked(async () => {
        await makeFolder(claimsFolder, 0o700);
        const claims = await readClaims(claimsFolder);
        const own = ownedBy(claims, owner);
        if (own !== undefined) return own;
        await removeStale(claims);
        const network = await findFreeNetwork(owner.cluster, new Set(claims.keys()), probe);
        await writeClaim(claimsFolder, network, owner);
        return network;
      }),

    keep: (owner, network) =>
      locked(async () => {
        await makeFolder(claimsFolder, 0o700);
        const claims = await readClaims(claimsFolder);
        await removeStale(claims);
        const holder = claims.get(network);
        if (holder === undefined) await writeClaim(claimsFolder, network, owner);
        else if (ownedBy(claims, owner) !== network)
          throw new Error(
            `The loopback network ${network}.0/24 of cluster ${owner.cluster} belongs to the cluster in ${holder.folder} ` +
              "now: its claim was lost while it was stopped. Delete one of the two clusters.",
          );
      }),

    release: (owner) =>
      locked(async () => {
        const own = ownedBy(await readClaims(claimsFolder), owner);
        if (own !== undefined) await rm(join(claimsFolder, own), { force: true });
      }),
  };
}

async function writeClaim(claimsFolder: string, network: LoopbackNetwork, owner: NetworkOwner): Promise<void> {
  const claim: Claim = { cluster: owner.cluster, folder: owner.folder, claimedAt: Date.now() };
  await writeFileAtomically(join(claimsFolder, network), JSON.stringify(claim), { mode: 0o600, durable: true });
}

function ownedBy(claims: Map<LoopbackNetwork, Claim>, { cluster, folder }: NetworkOwner): LoopbackNetwork | undefined {
  return [...claims].find(([, claim]) => claim.cluster === cluster && claim.folder === folder)?.[0];
}

async function readClaims(claimsFolder: string): Promise<Map<LoopbackNetwork, Claim>> {
  const names = (await readdir(claimsFolder).catch(ignoreMissing)) ?? [];
  // Only the lock's holder writes here: an unfinished file is what a Sampan left that was killed.
  const unfinished = names.filter((name) => name.endsWith(".tmp"));
  await Promise.all(unfinished.map((name) => rm(join(claimsFolder, name), { force: true })));
  const networks = names.filter(isLoopbackNetwork);
  const claims = await Promise.all(
    networks.map(async (name) => [name, await readClaim(join(claimsFolder, name))] as const),
  );
  return new Map(claims);
}

async function readClaim(file: string): Promise<Claim> {
  const text = await readFile(file, "utf8");
  try {
    return JSON.parse(text) as Claim;
  } catch (error) {
    throw new Error(
      `${file}, which says whose a loopback network is, cannot be read as JSON. Remove it if no cluster uses that network.`,
      { cause: error },
    );
  }
}

/** No claims are in a folder that is not there, nor in a file that stands in its place. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
}
