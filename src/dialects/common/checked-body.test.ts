import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkedBody, requestBody, taking } from "./checked-body.ts";
import { RefusedRequest } from "./errors/violations.ts";
import { integer, object, required, text } from "./parameters/parameter.ts";
import { missing } from "./parameters/value-check.ts";

const members = {
  name: required(text({ maxLength: 5, meaning: "Name." })),
  mode: text({ default: "usual", meaning: "Mode." }),
  config: object({ mode: text({ meaning: "Mode, elsewhere." }) }, { meaning: "Configuration." }),
  size: integer({ minimum: 1, maximum: 9, wayOut: "ask for fewer", meaning: "Size." }),
};

const body = requestBody({
  members,
  description: "A thing.",
  spellings: [{ place: "mode", other: "config.mode" }],
  rules: [({ body: { mode, size } }) => (mode === "sized" && !size ? [missing("size")] : [])],
  strictRules: [({ given }) => (given.name === "odd" ? [{ parameter: "name", rule: "must be even" }] : [])],
  remarks: [({ nameOf, body: { mode } }) => [mode === "odd" && `${nameOf("mode")} odd has no effect.`]],
  waysOut: { name: "give it one" },
});

let app: FastifyInstance;
beforeAll(async () => {
  app = Fastify({ ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false } } });
  app.decorateRequest("sentBody", undefined);
  app.post<{ Querystring: { strict?: string } }>("/", {
    ...taking(body),
    schema: { body: body.schema },
    handler: (request) => {
      try {
        return checkedBody(request, body, { strict: request.query.strict !== undefined });
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        return { refused: error.message };
      }
    },
  });
});
afterAll(() => app.close());

const send = async (payload: object, url = "/") => (await app.inject({ method: "POST", url, payload })).json();

describe("a body that passes", () => {
  it("is there as it was sent, as it was read, and as it is wanted: in one place, with defaults", async () => {
    expect(await send({ name: "a", size: "3", config: { mode: "odd" } })).toMatchObject({
      sent: { name: "a", size: "3", config: { mode: "odd" } },
      given: { name: "a", size: 3, config: { mode: "odd" } },
      body: { name: "a", size: 3, mode: "odd" },
      remarks: ["config.mode odd has no effect."],
    });
    expect(await send({ name: "a" })).toMatchObject({ sent: { name: "a" }, body: { name: "a", mode: "usual" } });
  });

  it("is told which of its fields are not known", async () => {
    expect((await send({ name: "a", shoe: 1 })).remarks).toEqual([
      "These fields are not known and have no effect: shoe.",
    ]);
  });
});

describe("a body that does not", () => {
  it.each<[string, object, string]>([
    ["its schema, its table and its rules", { mode: "sized" }, "name is mandatory: give it one; size is mandatory."],
    ["a limit of the table", { name: "longer" }, 'name "longer" must NOT have more than 5 characters.'],
    ["a range, with the way out", { name: "a", size: 10 }, "size 10 must be <= 9: ask for fewer."],
    [
      "a difference of what it says twice",
      { name: "a", mode: "x", config: { mode: "y" } },
      'mode "x" must be the same as config.mode, which says it too: leave one of them out.',
    ],
  ])("is refused by %s", async (_by, sent, message) => {
    expect(await send(sent)).toEqual({ refused: message });
  });

  it("is refused by more where the check is strict", async () => {
    expect(await send({ name: "odd", shoe: 1 }, "/?strict=1")).toEqual({
      refused:
        "shoe is not a known parameter: remove it, or set SAMPAN_VALIDATION=lenient to have it recorded; name must be even.",
    });
  });
});
