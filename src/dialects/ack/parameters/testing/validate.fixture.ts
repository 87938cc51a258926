import Fastify, { type FastifySchemaValidationError } from "fastify";
import { toViolations, type Violation } from "../../violations.ts";
import { allViolations, type CheckOptions, checkCreateCluster, createClusterBody, withoutNulls } from "../index.ts";

/** A compiled schema, which changes texts that stand for numbers and booleans into those. */
type Validator = ((body: unknown) => boolean) & { errors?: FastifySchemaValidationError[] | null };

const validate = await compile();

/** The schema as the server compiles it. */
async function compile(): Promise<Validator> {
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false, useDefaults: false } },
  });
  const { promise, resolve } = Promise.withResolvers<Validator>();
  app.get("/", async (request) => {
    resolve(request.compileValidationSchema(createClusterBody) as unknown as Validator);
    return "";
  });
  await app.inject("/");
  await app.close();
  return promise;
}

/** Everything that is wrong with a body, in the steps in which the server finds it. */
export function violationsOf(body: unknown, options: CheckOptions = { strict: false }): Violation[] {
  const read: unknown = withoutNulls(structuredClone(body));
  const ofSchema = validate(read) ? [] : toViolations(validate.errors ?? [], read);
  return allViolations(ofSchema, checkCreateCluster(read, options));
}

/** The parameters that are named, each once. */
export const refused = (body: unknown, options?: CheckOptions): string[] => [
  ...new Set(violationsOf(body, options).map(({ parameter }) => parameter)),
];
