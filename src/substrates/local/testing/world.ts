import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { World } from "../../testing/world.ts";
import { clusterFolder } from "../site/site.ts";
import { createTestHome, distribution } from "./real-clusters.ts";

/** A home of its own, on this machine and with its distributions. */
export async function localWorld(): Promise<World> {
  const home = await createTestHome();
  return {
    newSubstrate: home.newSubstrate,
    async remains(id) {
      const folder = clusterFolder(home.path, id);
      const processes = (await home.processes(id)).map(({ component }) => component);
      return [...processes, ...(existsSync(folder) ? [folder] : []), ...(await claimsOf(id))];
    },
    remove: home.remove,
  };
}

/** The loopback networks that are claimed for a cluster. */
async function claimsOf(id: string): Promise<string[]> {
  const folder = join(distribution.directory, "networks");
  if (!existsSync(folder)) return [];
  const claims = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      name,
      // Another cluster's may go meanwhile.
      text: await readFile(join(folder, name), "utf8").catch(() => ""),
    })),
  );
  return claims.filter(({ text }) => text.includes(id)).map(({ name }) => name);
}
