import { type GivenUp, giveUpPlacement, type UsedPlacement, usedPlacements } from "../core/clusters/give-up.ts";
import { type Database, openDatabase } from "../storage/database.ts";
import { PlacementTakenError, usualPatience } from "../storage/placement-lock.ts";
import { removeTaskQueue } from "../storage/queue.ts";

/** The local substrate's clusters are their home's alone to work on, however many replicas share the database. */
export const placementOf = (homeId: string): string => `local-${homeId}`;

/** A home that clusters, or tasks that have not ended, belong to. */
export interface KnownHome extends Omit<UsedPlacement, "placement"> {
  id: string;
  /** Who serves it now, e.g. `process 123 on machine-a, 10.0.0.7`; undefined where nobody does. */
  holder: string | undefined;
}

/** The homes that have something in a shared database. */
export async function listHomes(databaseUrl: string | undefined): Promise<KnownHome[]> {
  return withSharedDatabase(databaseUrl, async (database) => {
    const used = await usedPlacements(database);
    const homes = used.map(async ({ placement, ...counts }) => ({
      id: placement.replace(/^local-/, ""),
      ...counts,
      holder: await holderOf(database, placement),
    }));
    return Promise.all(homes);
  });
}

/**
 * Gives up the clusters of a home that is lost; see {@link giveUpPlacement}.
 * @param force where the home's process, or what the database takes for it, still holds it
 * @throws {Error} with a sentence for the user where the home is in use, or nothing belongs to it
 */
export async function giveUpHome(
  databaseUrl: string | undefined,
  { id, force }: { id: string; force: boolean },
): Promise<GivenUp> {
  const placement = placementOf(id);
  return withSharedDatabase(databaseUrl, async (database) => {
    const homes = (await usedPlacements(database)).map((used) => used.placement);
    if (!homes.includes(placement))
      throw new Error(`Nothing in the database belongs to a home ${id}: see "sampan home list".`);
    // While it is held here, the home cannot come back in the middle.
    const lock = force ? undefined : await takeLost(database, placement, id);
    try {
      const givenUp = await giveUpPlacement(database, { placement, home: id });
      await removeTaskQueue(database, placement);
      return givenUp;
    } finally {
      await lock?.release();
    }
  });
}

async function takeLost(database: Database, placement: string, id: string) {
  try {
    return await database.takePlacement({ placement, patience: usualPatience, onLost: () => undefined });
  } catch (error) {
    if (!(error instanceof PlacementTakenError)) throw error;
    const holder = error.holder ? ` by ${error.holder}` : "";
    throw new Error(
      `Home ${id} is in use${holder}: delete its clusters through the API, or stop it first. ` +
        "Where that cannot be, --force gives its clusters up all the same.",
    );
  }
}

async function holderOf(database: Database, placement: string): Promise<string | undefined> {
  try {
    const lock = await database.takePlacement({ placement, patience: 0, onLost: () => undefined });
    await lock.release();
    return undefined;
  } catch (error) {
    if (error instanceof PlacementTakenError) return error.holder ?? "another process";
    throw error;
  }
}

async function withSharedDatabase<Result>(
  url: string | undefined,
  work: (database: Database) => Promise<Result>,
): Promise<Result> {
  if (url === undefined)
    throw new Error(
      "Homes share a database where SAMPAN_DATABASE_URL names a PostgreSQL server; an embedded one is lost with its home.",
    );
  const database = await openDatabase({ home: "", url });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
