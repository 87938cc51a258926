import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import type { ProcessIdentity } from "../../../machine/processes.ts";
import { awaitAll } from "../await-all.ts";
import type { LocalContext } from "../context.ts";
import { pidFilesUnder } from "../control-plane/cluster-processes.ts";
import { findProcesses, stopProcess } from "../control-plane/processes.ts";
import type { ClusterSite } from "../site/site.ts";
import { forwarderListeners } from "./process.ts";

/** Whether exactly the forwarder runs that the cluster should have, and none where it should have none. */
export async function isForwarderInPlace(site: ClusterSite): Promise<boolean> {
  const { right, stray } = await lookAtForwarders(site);
  return stray.length === 0 && right.length === Math.min(1, forwarderListeners(site).length);
}

/** Ends those that listen elsewhere than they should: a Sampan that was killed in the middle of a change leaves such. */
export async function endStrayForwarders({ timing }: Pick<LocalContext, "timing">, site: ClusterSite): Promise<void> {
  const { stray } = await lookAtForwarders(site);
  await awaitAll(stray.map((identity) => stopProcess(identity, timing)));
}

/** The cluster's forwarders that run, supervised or not, told apart by where they listen. */
async function lookAtForwarders(site: ClusterSite): Promise<{ right: ProcessIdentity[]; stray: ProcessIdentity[] }> {
  const wanted = forwarderListeners(site);
  const found = await findProcesses(site.folder, await pidFilesUnder(site.folder));
  const running = [...found].flatMap(([name, identities]) => (name.endsWith("/forwarder") ? identities : []));
  const looks = await Promise.all(
    running.map(async (identity) => ({ identity, isRight: isDeepStrictEqual(await listenersOf(identity), wanted) })),
  );
  const { right = [], stray = [] } = Object.groupBy(looks, ({ isRight }) => (isRight ? "right" : "stray"));
  return { right: right.map(({ identity }) => identity), stray: stray.map(({ identity }) => identity) };
}

/** Where a forwarder was told to listen, as its command line says; it ends where it cannot. Undefined for one that is gone. */
async function listenersOf({ pid }: ProcessIdentity): Promise<unknown> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  try {
    const options = JSON.parse(commandLine.split("\0").at(-2) ?? "") as { listeners?: unknown };
    return options.listeners;
  } catch {
    return undefined;
  }
}
