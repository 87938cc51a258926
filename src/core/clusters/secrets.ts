import { and, eq } from "drizzle-orm";
import { clusterSecrets } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** The secrets of one cluster, encrypted in the database and clear to the caller. */
export interface ClusterSecrets {
  get(name: string): Promise<string | undefined>;
  put(name: string, value: string): Promise<void>;
}

/** @param clusterId of a cluster that exists: its secrets go when it goes */
export function clusterSecretsOf(core: Core, clusterId: string): ClusterSecrets {
  return {
    async get(name) {
      const [row] = await core.db
        .select({ value: clusterSecrets.value })
        .from(clusterSecrets)
        .where(and(eq(clusterSecrets.clusterId, clusterId), eq(clusterSecrets.name, name)));
      return row && core.cipher.decrypt(row.value);
    },
    async put(name, clear) {
      const value = core.cipher.encrypt(clear);
      await core.db
        .insert(clusterSecrets)
        .values({ clusterId, name, value })
        .onConflictDoUpdate({ target: [clusterSecrets.clusterId, clusterSecrets.name], set: { value } });
    },
  };
}
