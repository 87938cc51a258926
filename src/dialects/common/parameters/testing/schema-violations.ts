import Fastify, { type FastifySchemaValidationError } from "fastify";
import type { TSchema } from "typebox";
import { readValues } from "../../border/read-values.ts";
import { toViolations, type Violation } from "../../errors/violations.ts";

/** A compiled schema, which changes texts that stand for numbers and booleans into those. */
type Validator = ((body: unknown) => boolean) & { errors?: FastifySchemaValidationError[] | null };

/** What a schema finds wrong with a body, which it changes, in the way in which the server reads and compiles it. */
export async function schemaViolations(schema: TSchema): Promise<(body: unknown) => Violation[]> {
  const validate = await compile(schema);
  return (body) => {
    readValues(body, schema);
    return validate(body) ? [] : toViolations(validate.errors ?? [], body);
  };
}

async function compile(schema: object): Promise<Validator> {
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false, useDefaults: false } },
  });
  const { promise, resolve } = Promise.withResolvers<Validator>();
  app.get("/", async (request) => {
    resolve(request.compileValidationSchema(schema) as unknown as Validator);
    return "";
  });
  await app.inject("/");
  await app.close();
  return promise;
}
