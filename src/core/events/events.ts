import { asc, eq } from "drizzle-orm";
import { events } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** Something that happened to a cluster. */
export interface ClusterEvent {
  id: number;
  clusterId: string;
  taskId: string | null;
  level: "info" | "warning" | "error";
  /** One word in CamelCase, as Kubernetes' events have. */
  reason: string;
  message: string;
  at: Date;
}

/** Records an event. It must not hold a secret. */
export async function addEvent(
  core: Core,
  event: Omit<ClusterEvent, "id" | "at"> & { accountId: string },
): Promise<void> {
  await core.db.insert(events).values(event);
}

/** A cluster's events, oldest first, at most the last thousand. */
export async function listEvents(core: Core, clusterId: string): Promise<ClusterEvent[]> {
  const rows = await core.db
    .select()
    .from(events)
    .where(eq(events.clusterId, clusterId))
    .orderBy(asc(events.id))
    .limit(1000);
  return rows as ClusterEvent[];
}
