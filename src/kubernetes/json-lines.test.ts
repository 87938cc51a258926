import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonLines } from "./json-lines.ts";

async function parsed(chunks: Uint8Array[]): Promise<unknown[]> {
  async function* source() {
    yield* chunks;
  }
  const values: unknown[] = [];
  for await (const value of parseJsonLines(source())) values.push(value);
  return values;
}

/** The bytes cut at the given places. */
function cut(bytes: Buffer, places: number[]): Uint8Array[] {
  const bounds = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

describe("JSON lines", () => {
  it.each([
    { name: "nothing", text: "", values: [] },
    { name: "one line", text: '{"a":1}\n', values: [{ a: 1 }] },
    { name: "two lines", text: '{"a":1}\n{"b":2}\n', values: [{ a: 1 }, { b: 2 }] },
    { name: "a last line without a line feed", text: "1\n2", values: [1, 2] },
    { name: "empty lines", text: "\n1\r\n\n2\n\n", values: [1, 2] },
  ])("$name", async ({ text, values }) => {
    expect(await parsed([Buffer.from(text)])).toEqual(values);
  });

  it("come out whole wherever the bytes are cut, within a character too", async () => {
    const lines = fc.array(fc.jsonValue({ stringUnit: "binary" }).map((value) => JSON.stringify(value)));
    const property = fc.asyncProperty(lines, fc.array(fc.nat()), async (texts, places) => {
      const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(""));
      const values = await parsed(cut(bytes, places));
      expect(values.map((value) => JSON.stringify(value))).toEqual(
        texts.map((text) => JSON.stringify(JSON.parse(text))),
      );
    });
    await fc.assert(property);
  });

  it("come out as soon as each is complete", async () => {
    let received = 0;
    async function* source() {
      yield Buffer.from('{"a":1}\n{"b"');
      expect(received).toBe(1);
      yield Buffer.from(":2}\n");
      expect(received).toBe(2);
    }
    for await (const _ of parseJsonLines(source())) received++;
    expect(received).toBe(2);
  });

  it("that are no JSON are refused", async () => {
    await expect(parsed([Buffer.from("{\n")])).rejects.toThrow(SyntaxError);
  });
});
