import { StorageError } from "../storage/storage-error.ts";
import type { ClusterRecord, StageContext } from "../substrates/substrate.ts";

/** Tells a stage's own failure from one of the record that the stage was given to write to. */
export interface StorageGuard {
  /** The record and the events as the stage gets them. */
  readonly cluster: ClusterRecord;
  readonly event: StageContext["event"];
  /**
   * To be called when the stage has ended, in whatever way: it may have wrapped the error, or swallowed it.
   * @throws {StorageError} where something could not be read or written
   */
  check(): void;
}

/** Watches what goes to and comes from the record. What the database will never take is the stage's own failure. */
export function guardStorage({ cluster, event }: Pick<StageContext, "cluster" | "event">): StorageGuard {
  let failure: StorageError | undefined;
  const watched =
    <Values extends unknown[], Result>(use: (...values: Values) => Promise<Result>) =>
    async (...values: Values): Promise<Result> => {
      try {
        return await use(...values);
      } catch (error) {
        if (error instanceof StorageError && !error.isRefusal) failure ??= error;
        throw error;
      }
    };
  const { secrets } = cluster;
  return {
    cluster: {
      plan: cluster.plan,
      get state() {
        return cluster.state;
      },
      saveState: watched((patch) => cluster.saveState(patch)),
      secrets: { get: watched((name) => secrets.get(name)), put: watched((name, value) => secrets.put(name, value)) },
    },
    event: watched(event),
    check() {
      if (failure) throw failure;
    },
  };
}
