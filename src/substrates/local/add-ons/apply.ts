import { addonLabel, clusterConfigurationName } from "../../../kubernetes/addons/cluster-objects.ts";
import {
  describeObject,
  type KubernetesObject,
  objectPath,
  waveOf,
} from "../../../kubernetes/addons/kubernetes-object.ts";
import { type ApiClient, KubernetesApiError } from "../../../kubernetes/client.ts";
import { HopelessError, until } from "../../../machine/until.ts";
import { awaitAll } from "../await-all.ts";

/** How to apply. */
export interface ApplyOptions {
  /** Requests under way at a time. */
  concurrency: number;
  /** Pause before an object that was refused for the moment is tried again, in milliseconds. */
  pollMs: number;
  /** Longest time for one object, in milliseconds. */
  deadlineMs: number;
  signal: AbortSignal;
  /** Called after each object, with the number of those that are in place. */
  onApplied?(count: number): void;
}

/** etcd's word, or that of the API server's connection to it, for an object that it never takes; the status is 500. */
const tooLarge = /request is too large|larger than max/;

/** Who owns the fields: shown in `managedFields`. */
const fieldManagerName = "sampan";

/** Answers that another try does not change: the object itself is wrong. */
const finalStatuses = [400, 401, 405, 406, 413, 415, 422];

/**
 * Puts objects into a cluster by server-side apply, which creates what is missing, puts right what differs, and leaves
 * what is as it should be untouched. What an API server refuses in its first moments is tried again.
 *
 * @param objects in the order of their waves
 * @throws {Error} naming the object and its add-on, once everything that was under way is over.
 */
export async function applyObjects(
  client: ApiClient,
  objects: readonly KubernetesObject[],
  options: ApplyOptions,
): Promise<void> {
  let count = 0;
  for (const wave of Map.groupBy(objects, waveOf).values())
    await forEach(wave, options.concurrency, async (object) => {
      await applyObject(client, object, options);
      options.onApplied?.(++count);
    });
}

/** Does the work for each item, up to `concurrency` at a time. After a failure nothing new is begun. */
async function forEach<T>(items: readonly T[], concurrency: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift())
      await work(item).catch((error) => {
        waiting.length = 0;
        throw error;
      });
  };
  await awaitAll(Array.from({ length: concurrency }, worker));
}

async function applyObject(client: ApiClient, object: KubernetesObject, options: ApplyOptions): Promise<void> {
  const { pollMs, deadlineMs, signal } = options;
  await until((attempt) => send(client, object, attempt), {
    what: `${describeObject(object)} of ${ownerOf(object)} to be accepted`,
    hint: "The log of the kube-apiserver may say more.",
    pollMs,
    deadlineMs,
    signal,
  });
}

async function send(client: ApiClient, object: KubernetesObject, signal: AbortSignal): Promise<void> {
  try {
    await client.request("PATCH", objectPath(object), {
      // Sampan's fields are its own again where somebody has taken them meanwhile.
      query: { fieldManager: fieldManagerName, force: true },
      // JSON is YAML.
      contentType: "application/apply-patch+yaml",
      body: object,
      signal,
    });
  } catch (error) {
    if (!(error instanceof KubernetesApiError && isFinal(error))) throw error;
    throw new HopelessError(
      `The API server refused ${describeObject(object)} of ${ownerOf(object)}: ${error.message}`,
      { cause: error },
    );
  }
}

const isFinal = ({ status, message }: KubernetesApiError): boolean =>
  finalStatuses.includes(status) || tooLarge.test(message);

/** Whose an object is, to follow "of". */
function ownerOf({ metadata }: KubernetesObject): string {
  const addon = metadata.labels?.[addonLabel];
  return addon === undefined || addon === clusterConfigurationName
    ? "the cluster's own configuration"
    : `the add-on ${addon}`;
}
