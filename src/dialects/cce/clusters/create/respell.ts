import { isDeepStrictEqual } from "node:util";
import { isObject, type Json } from "../../../common/json-values.ts";
import { withoutNulls } from "../../../common/parameters/given.ts";

/** The keys of the envelope, which clients write in upper and lower case: terraform sends `apiversion`. */
const envelopeKeys = ["kind", "apiVersion", "metadata", "spec"] as const;

const envelopeKey = (written: string): string | undefined =>
  envelopeKeys.find((key) => key.toLowerCase() === written.toLowerCase());

/** The documents' tables misspell one member of `spec`. */
const specKey = (written: string): string | undefined => (written === "hostNetwok" ? "hostNetwork" : undefined);

/**
 * A body as it is sent, with its keys and its kind in the right spelling and without what is null. A key that is there in two spellings
 * stays in both where they differ, for `misspelt` to find.
 */
export function respell(sent: unknown): unknown {
  const body = withoutNulls(sent);
  if (!isObject(body)) return body;
  // What is in `spec` first, since two spellings of it are compared.
  const members = Object.entries(body).map(([written, member]) => [
    written,
    isObject(member) && envelopeKey(written) === "spec" ? respelt(member, specKey) : member,
  ]);
  return withKind(respelt(Object.fromEntries(members), envelopeKey));
}

/** Newer documents write the kind in lower case. */
const withKind = (body: Json): Json =>
  typeof body.kind === "string" && body.kind.toLowerCase() === "cluster" ? { ...body, kind: "Cluster" } : body;

/** @param keyOf the right spelling of a key; undefined where it has none other */
function respelt(value: Json, keyOf: (written: string) => string | undefined): Json {
  const renamed: Record<string, unknown> = { ...value };
  for (const [written, member] of Object.entries(value)) {
    const key = keyOf(written);
    if (key === undefined || key === written) continue;
    if (Object.hasOwn(renamed, key) && !isDeepStrictEqual(renamed[key], member)) continue;
    delete renamed[written];
    renamed[key] = member;
  }
  return renamed;
}

/** The places of keys that a respelt body still has in another spelling than the right one, with that. */
export function misspelt(body: unknown): { written: string; key: string }[] {
  if (!isObject(body)) return [];
  const found = (value: unknown, keyOf: (written: string) => string | undefined, prefix: string) =>
    Object.keys(isObject(value) ? value : {}).flatMap((written) => {
      const key = keyOf(written);
      return key === undefined || key === written ? [] : [{ written: prefix + written, key: prefix + key }];
    });
  return [...found(body, envelopeKey, ""), ...found(body.spec, specKey, "spec.")];
}
