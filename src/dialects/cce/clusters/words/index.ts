import { isDeepStrictEqual } from "node:util";
import type { ClusterSpec } from "../../../../core/clusters/cluster.ts";
import { fromWords, type WantedCluster } from "./from-words.ts";
import { type Described, toWords } from "./to-words.ts";
import type { CceWords } from "./words.ts";

export { fromWords, toWanted, type WantedCluster } from "./from-words.ts";
export { type Described, sentSpec, toWords, withoutUndefined } from "./to-words.ts";
export { type CceWords, clusterTypes } from "./words.ts";

/** Annotation that holds what CCE has no words for, as JSON in the core's: clusters of another dialect have it. */
export const restAnnotation = "sampan.dev/cluster-spec";

/** What the service gives a cluster by itself: no words of anybody's ask for it. */
const given: readonly string[] = ["vendorId", "memberAddresses"] satisfies (keyof ClusterSpec)[];

type Json = Readonly<Record<string, unknown>>;

/**
 * A cluster as a CCE object. With {@link fromCceObject} a pair: what is wanted of any cluster, whatever its dialect, is the
 * same after the way there and back.
 */
export function toCceObject(cluster: Described): CceWords {
  const words = toWords(cluster);
  const rest = restOf(cluster.spec, fromWords(words).spec);
  if (Object.keys(rest).length === 0) return words;
  const annotations = { ...words.metadata.annotations, [restAnnotation]: JSON.stringify(rest) };
  return { ...words, metadata: { ...words.metadata, annotations } };
}

/** What is wanted of the cluster that a CCE object shows; see {@link toCceObject}. */
export function fromCceObject(object: CceWords): WantedCluster {
  const { [restAnnotation]: rest, ...annotations } = object.metadata.annotations ?? {};
  const { name, spec } = fromWords({ ...object, metadata: { ...object.metadata, annotations } });
  const replaced = Object.entries(rest ? (JSON.parse(rest) as Json) : {}).map(([member, value]) => [
    member,
    value ?? undefined,
  ]);
  return { name, spec: { ...spec, ...Object.fromEntries(replaced) } };
}

/** The members of a spec that were not understood from the words; null for one that is not there. */
function restOf(spec: ClusterSpec, understood: WantedCluster["spec"]): Json {
  const [wanted, said] = [asJson(spec), asJson(understood)];
  const names = Object.keys({ ...said, ...wanted }).filter((name) => !given.includes(name));
  return Object.fromEntries(
    names.filter((name) => !isDeepStrictEqual(wanted[name], said[name])).map((name) => [name, wanted[name] ?? null]),
  );
}

/** What is kept as JSON has no undefined members. */
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));
