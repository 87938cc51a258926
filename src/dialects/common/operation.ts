/** What an operation takes as its body. */
export type BodyKind = "object" | "optional object" | "array";

/** One operation of a vendor's API. */
export interface Operation<Name extends string = string> {
  /** The dialect it belongs to, e.g. `ack`. */
  dialect: string;
  /** The vendor's name, e.g. `CreateCluster`. */
  name: Name;
  method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path as Fastify writes it: `/clusters/:ClusterId`. One thing has one parameter name on all paths. */
  path: string;
  /** What the operation takes as its body; `undefined` where it takes none. */
  body: BodyKind | undefined;
  /** Whether it is answered without authentication. */
  isPublic?: true;
  /** The most bytes that its body may have, where that is less than the dialect's limit. */
  bodyLimit?: number;
}

/** Operations by name: method, path, and for the body `{}` an object, `[]` an array, `{}?` an object that may be left out. */
export type OperationTable = Readonly<Record<string, string>>;

const bodyKinds: Readonly<Record<string, BodyKind>> = { "{}": "object", "[]": "array", "{}?": "optional object" };

/** The operations of a dialect's table, in its order. */
export const operationsOf = <const Table extends OperationTable>(
  dialect: string,
  table: Table,
): readonly Operation<keyof Table & string>[] =>
  Object.entries(table).map(([name, text]) => {
    const [method, path, body] = text.split(" ");
    return {
      dialect,
      name,
      method: method as Operation["method"],
      path: path as string,
      body: body === undefined ? undefined : bodyKinds[body],
    };
  });

/** Finds operations by their names, and gives the options of Fastify's for the route of one. */
export function operationFinder<Name extends string>(operations: readonly Operation<Name>[]) {
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const find = (name: Name): Operation<Name> => {
    const found = byName.get(name);
    if (found === undefined) throw new TypeError(`There is no operation ${name}.`);
    return found;
  };
  const routeOf = (name: Name) => {
    const operation = find(name);
    const { method, path, bodyLimit } = operation;
    return { method, url: path, config: { operation }, ...(bodyLimit && { bodyLimit }) };
  };
  return { find, routeOf };
}
