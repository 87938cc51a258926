import type { TSchema } from "typebox";
import type { Violation } from "../errors/violations.ts";
import { readValues } from "./read-values.ts";
import { propertiesOf } from "./schema-parts.ts";

/** A query as Fastify parses it: a list where a name is there more than once. */
type Query = Readonly<Record<string, unknown>>;

/** What a query says in the names and types of its schema, and what is wrong with its names. */
export interface ReadQuery {
  query: Record<string, unknown>;
  violations: Violation[];
}

/** The generations of a vendor's SDKs write one name in several ways: `cluster_type`, `clusterType`, `ClusterType`. */
const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();

/**
 * Reads a query. A parameter is found in any of its spellings; where it is given more than once it is open which one counts,
 * so that it is refused. Parameters that the schema does not have are left as they are.
 * @param others parameters that are none of the operation's, whatever the schema has
 */
export function readQuery(sent: Query, schema: TSchema | undefined, others: readonly string[] = []): ReadQuery {
  const names = new Map(Object.keys(propertiesOf(schema)).map((name) => [plain(name), name]));
  const query: Record<string, unknown> = Object.create(null);
  const violations: Violation[] = [];
  for (const [written, value] of Object.entries(sent)) {
    const name = others.includes(written) ? undefined : names.get(plain(written));
    if (name !== undefined && (Array.isArray(value) || Object.hasOwn(query, name)))
      violations.push({ parameter: written, rule: "is given more than once", wayOut: `send ${name} once` });
    query[name ?? written] = value;
  }
  readValues(query, schema);
  return { query, violations };
}
