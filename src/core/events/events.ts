import { and, desc, eq } from "drizzle-orm";
import { events } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { storableText } from "../storable-text.ts";

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
  core: Pick<Core, "db">,
  event: Omit<ClusterEvent, "id" | "at"> & { accountId: string },
): Promise<void> {
  await core.db.insert(events).values({ ...event, message: storableText(event.message) });
}

/** How many events of a cluster, or of one of its tasks, are shown. */
export const shownEvents = 1000;

/**
 * The last events of a cluster, in the order in which they happened.
 * @param taskId restricts them to those of one task
 */
export async function listEvents(core: Core, clusterId: string, taskId?: string): Promise<ClusterEvent[]> {
  const rows = await core.db
    .select()
    .from(events)
    .where(and(eq(events.clusterId, clusterId), taskId === undefined ? undefined : eq(events.taskId, taskId)))
    .orderBy(desc(events.id))
    .limit(shownEvents);
  return rows.toReversed() as ClusterEvent[];
}
