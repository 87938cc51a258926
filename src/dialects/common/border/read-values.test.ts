import Type, { type TSchema } from "typebox";
import { describe, expect, it } from "vitest";
import { readValues } from "./read-values.ts";

const optional = Type.Optional;
const schema = Type.Object({
  flag: optional(Type.Boolean()),
  word: optional(Type.String({ enum: ["true", "block", "false", ""] })),
  text: optional(Type.String()),
  count: optional(Type.Integer()),
  list: optional(Type.Array(Type.Boolean())),
  inner: optional(Type.Object({ flag: optional(Type.Boolean()), pools: optional(Type.Array(Type.Object({}))) })),
});

const read = (body: unknown, by: TSchema | undefined = schema): unknown => {
  const copy = structuredClone(body);
  readValues(copy, by);
  return copy;
};

describe("what stands for true and false", () => {
  it.each([
    ["JSON", true, false],
    ["a text", "true", "false"],
    ["Python", "True", "False"],
    ["a macro", "TRUE", "FALSE"],
    ["a number", 1, 0],
    ["PHP", "1", "0"],
  ])("is read as %s writes it", (_language, yes, no) => {
    expect(read({ flag: yes })).toEqual({ flag: true });
    expect(read({ flag: no })).toEqual({ flag: false });
    expect(read({ inner: { flag: yes }, list: [yes, no] })).toEqual({ inner: { flag: true }, list: [true, false] });
    expect(read({ word: yes })).toEqual({ word: "true" });
    expect(read({ word: no })).toEqual({ word: "false" });
  });

  it.each(["yes", "on", "2", 2, -1, "truely", [true], {}])(
    "is not %j, which is left for the schema to refuse",
    (value) => {
      expect(read({ flag: value })).toEqual({ flag: value });
    },
  );

  it("is nothing else where it stands for a text or a number", () => {
    const body = { text: "True", count: "1", word: "block", unknown: "1" };
    expect(read(body)).toEqual(body);
  });
});

describe("what is not set", () => {
  it.each<[unknown, unknown]>([
    [{ flag: null, text: null, inner: null, unknown: null }, {}],
    [{ flag: "", count: "", list: "", inner: "" }, {}],
    [
      { text: "", word: "", unknown: "" },
      { text: "", word: "", unknown: "" },
    ],
    [{ inner: { flag: null, unknown: { deep: null } } }, { inner: { unknown: {} } }],
    [{ list: [null, true] }, { list: [null, true] }],
    [{ inner: { pools: [{ a: null, b: 1 }] } }, { inner: { pools: [{ b: 1 }] } }],
  ])("is left out: %j", (body, left) => {
    expect(read(body)).toEqual(left);
  });

  it("is so without a schema, too", () => {
    const body = { a: null, b: "", c: [{ d: null }] };
    readValues(body);
    expect(body).toEqual({ b: "", c: [{}] });
  });
});
