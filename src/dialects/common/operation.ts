import Type, { type TObject, type TSchema, type TString } from "typebox";

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

/** The names of the parameters in a path: of `GET /clusters/:ClusterId/nodes`, `ClusterId`. */
type ParameterName<Text> = Text extends `${string}:${infer Rest}`
  ? Rest extends `${infer Name}/${infer More}`
    ? Name | ParameterName<More>
    : Rest extends `${infer Name} ${string}`
      ? Name
      : Rest
  : never;

/** The schema of a path's parameters: each is a text. */
type PathParameters<Text> = TObject<Record<ParameterName<Text>, TString>>;

/**
 * Finds operations by their names.
 * @template Table the table that they are from, whose paths tell the types of the parameters
 */
export function operationFinder<Table extends OperationTable>(operations: readonly Operation<keyof Table & string>[]) {
  type Name = keyof Table & string;
  const byName = new Map(operations.map((operation) => [operation.name, operation]));
  const find = (name: Name): Operation<Name> => {
    const found = byName.get(name);
    if (found === undefined) throw new TypeError(`There is no operation ${name}.`);
    return found;
  };
  /** Fastify's options for an operation's route. @param schema of what comes beside the path's parameters */
  const routeOf = <Found extends Name, Schema extends RouteSchema>(name: Found, schema: Schema) => {
    const operation = find(name);
    const { method, path, bodyLimit } = operation;
    const names = Array.from(path.matchAll(/:(\w+)/g), ([, parameter = ""]) => parameter);
    const params = Type.Object(Object.fromEntries(names.map((parameter) => [parameter, Type.String()])));
    return {
      method,
      url: path,
      config: { operation },
      ...(bodyLimit && { bodyLimit }),
      schema: { ...schema, params: params as PathParameters<Table[Found]> },
    };
  };
  return { find, routeOf };
}

/** What a route says of its requests, and of itself for the OpenAPI document. */
interface RouteSchema {
  querystring?: TSchema;
  body?: TSchema;
  tags: readonly string[];
}
