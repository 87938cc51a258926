import Type from "typebox";
import { describe, expect, it } from "vitest";
import { parseForm } from "./form.ts";

const schema = Type.Object({
  name: Type.String(),
  size: Type.Integer(),
  tags: Type.Array(Type.Object({})),
  runtime: Type.Object({}),
});
const refusal = (message: string) => expect.objectContaining({ kind: "invalid request", message });

describe("a form", () => {
  it("has a field for each member, lists and objects as JSON in a text", () => {
    const form = `name=a+b%26%E9%9B%86&size=3&tags=%5B%7B%22key%22%3A%22a%22%7D%5D&runtime={"name":"docker"}&other=[1]`;
    expect(parseForm(form, schema)).toEqual({
      name: "a b&集",
      size: "3",
      tags: [{ key: "a" }],
      runtime: { name: "docker" },
      other: "[1]",
    });
    expect(parseForm("tags=[]", undefined)).toEqual({ tags: "[]" });
  });

  it("may leave fields empty, which means that they are not set", () => {
    expect(parseForm("name=&tags=&runtime\n", schema)).toEqual({ name: "", tags: "", runtime: "" });
  });

  it("has every field once", () => {
    expect(() => parseForm("name=a&name=b", schema)).toThrow(
      refusal('The field "name" of the request body is there more than once; send it once.'),
    );
  });

  it("is refused with line and column where a list is no JSON, and does not repeat it", () => {
    expect(() => parseForm("tags=[{'key': 'Hunter2!'}]", schema)).toThrow(
      refusal(
        'The field "tags" of the request body is not valid JSON: line 1, column 3: ' +
          'names and strings stand in plain double quotes (").',
      ),
    );
  });

  it("has a thousand fields at most", () => {
    const fields = (count: number) => Array.from({ length: count }, (_, index) => `f${index}=`).join("&");
    expect(Object.keys(parseForm(fields(1000), schema))).toHaveLength(1000);
    expect(() => parseForm(fields(1001), schema)).toThrow(/more than 1000 fields/);
  });
});
