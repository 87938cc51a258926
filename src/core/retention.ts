import { and, desc, eq, gt, isNotNull, lt, lte, not, notExists, or, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { clusters, events, tasks, vpcs } from "../storage/schema.ts";
import { type Core, within } from "./core.ts";
import { shownEvents } from "./events/events.ts";
import { removeMadeVpc } from "./inventory/inventory.ts";

/** A bound of what has happened. */
export interface Bound {
  /** Days after which it is forgotten. */
  readonly days: number;
  /** How many of an account are kept, the newest. */
  readonly perAccount: number;
  /** How many of each cluster that is there are kept in any case, the newest. */
  readonly ofCluster: number;
}

/** How much of the past is kept. */
export const retention = {
  /** Ended tasks; the others stay. */
  tasks: { days: 30, perAccount: 2_000, ofCluster: 100 },
  events: { days: 30, perAccount: 10_000, ofCluster: shownEvents },
  /** VPCs that were registered for a request: how long no cluster was in them, and how many of those an account has. */
  vpcs: { days: 30, perAccount: 1_000 },
} as const satisfies Record<string, Bound | Omit<Bound, "ofCluster">>;

/** The most rows that one statement removes: what is embedded answers nobody meanwhile. */
const batch = 1_000;

const day = 24 * 3_600_000;
const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * day);

/** Removes ended tasks and events that are older, or more, than the bounds say. */
export async function forgetHistory(
  core: Core,
  now: Date,
  bounds: Readonly<Record<"tasks" | "events", Bound>> = retention,
): Promise<void> {
  const { endedAt, createdAt } = tasks;
  await forget(core, now, { table: tasks, at: endedAt, order: createdAt, bound: bounds.tasks });
  await forget(core, now, { table: events, at: events.at, order: events.id, bound: bounds.events });
}

/** What is forgotten, by which column it ages, and in which order it came. */
interface History {
  table: typeof tasks | typeof events;
  at: AnyPgColumn;
  order: AnyPgColumn;
  bound: Bound;
}

async function forget(core: Core, now: Date, { table, at, order, bound }: History): Promise<void> {
  const rank = (by: AnyPgColumn) => sql<number>`row_number() over (partition by ${by} order by ${order} desc)`;
  const ranked = core.db
    .select({
      id: sql<string>`${table.id}`.as("row_id"),
      isOld: sql<boolean>`${at} < ${daysBefore(now, bound.days).toISOString()}::timestamptz`.as("is_old"),
      hasCluster: sql<boolean>`exists (select from ${clusters} where ${clusters.id} = ${table.clusterId})`.as(
        "has_cluster",
      ),
      inAccount: rank(table.accountId).as("in_account"),
      inCluster: rank(table.clusterId).as("in_cluster"),
    })
    .from(table)
    .where(isNotNull(at))
    .as("ranked");
  const isTooMuch = or(ranked.isOld, gt(ranked.inAccount, bound.perAccount));
  const isNeeded = and(ranked.hasCluster, lte(ranked.inCluster, bound.ofCluster));
  const rows = await core.db
    .select({ id: ranked.id })
    .from(ranked)
    .where(and(isTooMuch, not(isNeeded as SQL)));
  for (let from = 0; from < rows.length; from += batch) {
    const ids = rows.slice(from, from + batch).map(({ id }) => id);
    await core.db.delete(table).where(sql`${table.id}::text in ${ids.map(String)}`);
  }
}

/** A cluster that is in the VPC of the row. */
const inVpc = (core: Core) =>
  core.db
    .select({ id: clusters.id })
    .from(clusters)
    .where(and(eq(clusters.accountId, vpcs.accountId), sql`${clusters.spec}->'network'->>'vpcId' = ${vpcs.id}`));

/**
 * Forgets the VPCs that no cluster was in for long, and the oldest of very many, with what is in them. A request that
 * names one later registers it anew. Not for an inventory that is strict: there it is what may be named.
 */
export async function forgetVpcs(
  core: Core,
  now: Date,
  { days, perAccount }: Pick<Bound, "days" | "perAccount"> = retention.vpcs,
): Promise<void> {
  // To the day is enough: nothing is written again and again.
  const stale = lt(vpcs.usedAt, daysBefore(now, 1));
  await core.db
    .update(vpcs)
    .set({ usedAt: now })
    .where(and(stale, sql`exists ${inVpc(core)}`));
  const rank = sql<number>`row_number() over (partition by ${vpcs.accountId} order by ${vpcs.usedAt} desc, ${vpcs.id})`;
  const unused = core.db
    .select({ accountId: vpcs.accountId, id: vpcs.id, usedAt: vpcs.usedAt, rank: rank.as("rank") })
    .from(vpcs)
    .where(notExists(inVpc(core)))
    .as("unused");
  const forgotten = await core.db
    .select({ accountId: unused.accountId, id: unused.id })
    .from(unused)
    .where(
      sql`${unused.usedAt} < ${daysBefore(now, days).toISOString()}::timestamptz or ${unused.rank} > ${perAccount}`,
    )
    .orderBy(desc(unused.rank))
    .limit(batch);
  for (const { accountId, id } of forgotten) await forgetVpc(core, accountId, id);
}

/** A creation that names it at this moment waits for the lock, or is waited for. */
async function forgetVpc(core: Core, accountId: string, id: string): Promise<void> {
  await core.db.transaction(async (tx) => {
    await tx
      .select()
      .from(vpcs)
      .where(and(eq(vpcs.accountId, accountId), eq(vpcs.id, id)))
      .for("update");
    await removeMadeVpc(within(core, tx), accountId, id);
  });
}
