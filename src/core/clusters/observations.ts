import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import { clusterObservations, clusters } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { type Cluster, usableStates } from "./cluster.ts";

/** How a cluster was when its own home last looked. */
export interface Observation {
  /** Whether every member of its control plane said that it is ready. */
  ready: boolean;
  /** Readiness of its nodes by name; null where its API server did not tell. */
  nodes: Readonly<Record<string, boolean>> | null;
}

/** An observation as it is kept. Ages are by the clock of the database, which is every home's. */
export interface KeptObservation extends Observation {
  /** Milliseconds since its home looked. */
  age: number;
}

/** Keeps how a cluster is now. Does nothing where it has gone meanwhile. */
export async function keepObservation({ db }: Core, clusterId: string, observed: Observation): Promise<void> {
  const nodes = observed.nodes && JSON.stringify(observed.nodes);
  await db.execute(sql`
    insert into ${clusterObservations} (cluster_id, ready, nodes, observed_at)
      select id, ${observed.ready}, ${nodes}::jsonb, now() from ${clusters} where id = ${clusterId}
      on conflict (cluster_id) do update set ready = excluded.ready, nodes = excluded.nodes, observed_at = now()`);
}

/** How a cluster was when its home last looked; undefined where it never has. */
export async function findObservation({ db }: Core, clusterId: string): Promise<KeptObservation | undefined> {
  const age = sql<number>`(extract(epoch from now() - ${clusterObservations.observedAt}) * 1000)::float8`;
  const [row] = await db
    .select({ ready: clusterObservations.ready, nodes: clusterObservations.nodes, age })
    .from(clusterObservations)
    .where(eq(clusterObservations.clusterId, clusterId));
  return row as KeptObservation | undefined;
}

/**
 * The clusters placed here that have to be looked at: those that can be used and were not looked at for so long, or have
 * changed since.
 * @param age milliseconds
 */
export async function clustersToObserve({ db, placement }: Core, age: number): Promise<Cluster[]> {
  const { observedAt } = clusterObservations;
  const rows = await db
    .select({ cluster: clusters })
    .from(clusters)
    .leftJoin(clusterObservations, eq(clusterObservations.clusterId, clusters.id))
    .where(
      and(
        eq(clusters.placement, placement),
        inArray(clusters.state, [...usableStates]),
        or(
          isNull(observedAt),
          sql`${observedAt} <= now() - ${age} * interval '1 millisecond'`,
          sql`${observedAt} < ${clusters.updatedAt}`,
        ),
      ),
    );
  return rows.map(({ cluster }) => cluster as Cluster);
}

/** Notes down that no cluster placed here is ready: the process that serves this home stops. */
export async function keepStopped({ db, placement }: Core): Promise<void> {
  const own = db.select({ id: clusters.id }).from(clusters).where(eq(clusters.placement, placement));
  await db
    .update(clusterObservations)
    .set({ ready: false, nodes: null, observedAt: sql`now()` })
    .where(inArray(clusterObservations.clusterId, own));
}
