import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";
import { type ApiClient, type ApiQuery, KubernetesApiError } from "../kubernetes/client.ts";
import { retryDelay } from "./backoff.ts";
import { type KubernetesObject, keyOf } from "./objects.ts";
import { warningIntervalMs } from "./trouble-log.ts";

/** A collection of the API as it is now, kept up to date by one list and one watch, through restarts of the API server. */
export interface Informer<T extends KubernetesObject> {
  /** By {@link keyOf}. */
  readonly items: ReadonlyMap<string, T>;
  /** Whether the collection has been listed at all. */
  readonly synced: boolean;
  /** Takes in an object from the answer to a write, ahead of the watch. Ignored where a newer one is known. */
  put(object: T): void;
  /** Resolves when the loop has ended, which the signal brings about. Never rejects. */
  readonly ended: Promise<void>;
}

/** What to follow, and what to do about it. */
export interface InformerOptions<T extends KubernetesObject> {
  client: ApiClient;
  /** Path of the collection, e.g. `/api/v1/pods`. */
  path: string;
  /** Selectors. */
  query?: ApiQuery;
  /** Makes the object that is kept in memory, which should be small. */
  trim(object: T): T;
  /**
   * Called after each change with the object as it is and as it was; one of them is undefined where it has come or
   * gone. An object of the same name but another UID is first gone, then come.
   */
  onChange(now: T | undefined, before: T | undefined): void;
  /** Called after the first list has been taken in, and again after each that follows an interruption. */
  onSync?(): void;
  log: Logger;
  signal: AbortSignal;
}

/** Objects a page when listing: keeps one answer's size within a few megabytes. */
const pageSize = 500;
/** A watch that lasted this long was a good one: the next failure is a new one. */
const goodWatchMs = 5_000;
/** The API server ends a watch after a random time between these, in seconds, so that watches do not end together. */
const watchSeconds = { least: 300, most: 600 };

interface ListPage<T> {
  metadata: { resourceVersion: string; continue?: string };
  items: T[];
}

/** Starts to follow a collection. Where the API server does not answer (yet) it goes on trying, see {@link retryDelay}. */
export function startInformer<T extends KubernetesObject>(options: InformerOptions<T>): Informer<T> {
  const { client, path, query, trim, onChange, onSync, log, signal } = options;
  const items = new Map<string, T>();
  let synced = false;
  let warnedAt = Number.NEGATIVE_INFINITY;

  function put(object: T) {
    const key = keyOf(object);
    const before = items.get(key);
    if (before && before.metadata.uid === object.metadata.uid && !isNewer(object, before)) return;
    const now = trim(object);
    items.set(key, now);
    const replaced = before !== undefined && before.metadata.uid !== now.metadata.uid;
    if (replaced) onChange(undefined, before);
    onChange(now, replaced ? undefined : before);
  }

  function remove(key: string, uid: string) {
    const before = items.get(key);
    // A late event of an object whose successor of the same name is known already.
    if (before?.metadata.uid !== uid) return;
    items.delete(key);
    onChange(undefined, before);
  }

  /** Lists everything and takes it over, also where it is older than what was known (a restored etcd). */
  async function relist(): Promise<string> {
    const listed = new Map<string, T>();
    let page: ListPage<T> | undefined;
    do {
      page = await client.request<ListPage<T>>("GET", path, {
        query: { ...query, limit: pageSize, continue: page?.metadata.continue },
        signal,
      });
      for (const object of page.items) listed.set(keyOf(object), trim(object));
    } while (page.metadata.continue);
    for (const [key, { metadata }] of [...items])
      if (listed.get(key)?.metadata.uid !== metadata.uid) remove(key, metadata.uid);
    for (const [key, now] of listed) {
      const before = items.get(key);
      items.set(key, now);
      if (before?.metadata.resourceVersion !== now.metadata.resourceVersion) onChange(now, before);
    }
    synced = true;
    onSync?.();
    return page.metadata.resourceVersion;
  }

  /** One watch from a version on, which moves on with every event. Returns when the API server ends the watch. */
  async function watchOnce(position: { version: string }): Promise<void> {
    const timeoutSeconds = watchSeconds.least + Math.random() * (watchSeconds.most - watchSeconds.least);
    const events = client.watch<T>(path, {
      query: { ...query, resourceVersion: position.version, allowWatchBookmarks: true },
      timeoutSeconds: Math.round(timeoutSeconds),
      signal,
    });
    for await (const { type, object } of events) {
      position.version = object.metadata.resourceVersion;
      if (type === "DELETED") remove(keyOf(object), object.metadata.uid);
      else if (type !== "BOOKMARK") put(object);
    }
  }

  function warnOfRefusal({ status, message }: KubernetesApiError) {
    if (![401, 403, 404].includes(status) || performance.now() - warnedAt < warningIntervalMs) return;
    warnedAt = performance.now();
    log.warn({ path, status, reason: message }, "The API server refuses the node simulator; trying again.");
  }

  async function run() {
    /** Where the next watch begins; undefined asks for a list first. */
    let position: { version: string } | undefined;
    let failingSince: number | undefined;
    while (!signal.aborted) {
      let startedAt = performance.now();
      try {
        if (!position) {
          position = { version: await relist() };
          failingSince = undefined;
          startedAt = performance.now();
        }
        await watchOnce(position);
        if (performance.now() - startedAt >= goodWatchMs) continue;
        // An API server that shuts down ends watches at once: asking again without a pause would be a busy loop.
      } catch (error) {
        if (signal.aborted) return;
        if (failingSince === undefined)
          log.debug({ path, reason: reasonOf(error) }, "Watch interrupted; trying again.");
        if (error instanceof KubernetesApiError) {
          // 410: the version is too old. Any other refusal may have to do with the version as well.
          position = undefined;
          warnOfRefusal(error);
        }
      }
      if (performance.now() - startedAt >= goodWatchMs) failingSince = undefined;
      failingSince ??= performance.now();
      await sleep(retryDelay(performance.now() - failingSince), undefined, { signal }).catch(() => undefined);
    }
  }

  return {
    items,
    get synced() {
      return synced;
    },
    put,
    ended: run(),
  };
}

/**
 * Whether `a` is a later state than `b`, which has the same UID. Versions are numbers in every API server that stores
 * its objects in etcd.
 */
function isNewer(a: KubernetesObject, b: KubernetesObject): boolean {
  return BigInt(a.metadata.resourceVersion) > BigInt(b.metadata.resourceVersion);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
