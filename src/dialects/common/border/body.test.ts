import fc from "fast-check";
import Type from "typebox";
import { describe, expect, it } from "vitest";
import { type BodyContext, parseBody } from "./body.ts";

const json: BodyContext = { contentType: "application/json", kind: "object", operation: "CreateCluster" };
const parse = (body: string | Buffer, context: Partial<BodyContext> = {}) =>
  parseBody(Buffer.from(body as string), { ...json, ...context });
const refusal = (message: string | RegExp) =>
  expect.objectContaining({ kind: "invalid request", message: expect.stringMatching(message) });

describe("a body", () => {
  it("is parsed as JSON, whatever is in it", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor)"|\\u0000/.test(text));
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    undefined,
    "",
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON;odata=verbose",
    "application/octet-stream",
    "application/octet-stream;charset=utf-8",
    // What curl says of anything.
    "application/x-www-form-urlencoded",
  ])("may have the content type %j", (contentType) => {
    expect(parse("{}", { contentType })).toEqual({});
  });

  it.each(["text/plain", "application/jsonp", "text/json", "multipart/form-data; boundary=a", "__proto__"])(
    "may not have the content type %j",
    (contentType) => {
      expect(() => parse("{}", { contentType })).toThrow(
        expect.objectContaining({
          kind: "unsupported media type",
          message: `The request body's content type "${contentType.split(";")[0]}" is not supported. Send JSON, with application/json.`,
        }),
      );
    },
  );

  it("may be a form, which is read as an object and checked like one", () => {
    const form = { contentType: "application/x-www-form-urlencoded; charset=utf-8" };
    const schema = Type.Object({ tags: Type.Array(Type.Object({})) });
    expect(parse('name=a&tags=[{"key":"b"}]', { ...form, schema })).toEqual({ name: "a", tags: [{ key: "b" }] });
    expect(() => parse("name=a%00", form)).toThrow(refusal(/U\+0000/));
    expect(() => parse("__proto__=a", form)).toThrow(refusal(/"__proto__"/));
    expect(() => parse('tags=[{"__proto__":1}]', { ...form, schema })).toThrow(refusal(/"__proto__"/));
    expect(() => parse("a=1", { ...form, kind: "array" })).toThrow(refusal(/takes a JSON array/));
  });

  it("may begin with a byte order mark, and its last member of a name counts", () => {
    expect(parse('\ufeff{"a":1,"a":2}')).toEqual({ a: 2 });
  });
});

describe("an empty body", () => {
  it.each(["", " \r\n\t"])("%j is refused where an operation needs one", (body) => {
    expect(() => parse(body)).toThrow(refusal("^The request body is empty; CreateCluster takes a JSON object\\.$"));
    expect(() => parse(body, { kind: "array", operation: "GrantPermissions" })).toThrow(
      refusal("^The request body is empty; GrantPermissions takes a JSON array\\.$"),
    );
  });

  it("is an empty object where the object is optional, and nothing where anything may come", () => {
    expect(parse("", { kind: "optional object", contentType: "text/plain" })).toEqual({});
    expect(parse("", { kind: undefined })).toBeUndefined();
  });
});

describe("a body of another kind", () => {
  it.each([
    ["[]", "object", "not a JSON object but an array; CreateCluster takes a JSON object."],
    ["null", "object", "not a JSON object but null;"],
    ['"text"', "optional object", "not a JSON object but a string;"],
    ["1", "object", "not a JSON object but a number;"],
    ["true", "object", "not a JSON object but a boolean;"],
    ["{}", "array", "not a JSON array but an object; CreateCluster takes a JSON array."],
  ] as const)("%s is refused for an operation that takes an %s", (body, kind, message) => {
    expect(() => parse(body, { kind })).toThrow(refusal(`^The request body is ${message}`));
  });

  it("is taken where anything may come", () => {
    expect(parse("[1]", { kind: undefined })).toEqual([1]);
  });
});

describe("a body that is not JSON", () => {
  const at = (line: number, column: number, rest = "") =>
    refusal(`^The request body is not valid JSON: line ${line}, column ${column}: ${rest}`);

  it.each<[string, string | Buffer, unknown]>([
    ["in a later line", '{\n  "name": "a",\n  "size": ,\n}', at(3, 11, "a value is expected")],
    ["at the end of the text", '{"name":"a"', at(1, 12, "the text ends where")],
    ["after a byte order mark", '\ufeff{"name" "a"}', at(1, 9, 'a ":" after the name')],
    ["with nothing but a byte order mark", "\ufeff", at(1, 1, "the text ends")],
    ["with a comment", '{ // the name\n"name":"a"}', at(1, 3, "JSON has no comments; remove this one\\.$")],
    ["that is no text", "name=a&size=3", at(1, 1, "a value is expected")],
    ["after Chinese text", '{"名":"😀" x', at(1, 10, "a comma")],
    ["with bytes that are not UTF-8", Buffer.from([0x7b, 0x0a, 0x22, 0xe4, 0xbd, 0x22, 0x7d]), at(2, 2, ".*not UTF-8")],
    ["in Latin-1", Buffer.from('{"name":"é"}', "latin1"), at(1, 10, ".*not UTF-8; send the body in UTF-8")],
    ["in UTF-16", Buffer.from("\ufeff{}", "utf16le"), at(1, 1, ".*not UTF-8")],
    [
      "with bytes that are not UTF-8 after a written replacement character",
      Buffer.concat([Buffer.from('\ufeff"\ufffd\ufffd'), Buffer.from([0xff])]),
      at(1, 4, ".*not UTF-8"),
    ],
  ])("is refused with line and column: %s", (_name, body, error) => {
    expect(() => parse(body)).toThrow(error as Error);
  });

  it("is never repeated in the message", () => {
    const broken = ['{"login_password":"Hunter2!" x}', '{"login_password":"Hunter2!', "{'login_password':'Hunter2!'}"];
    for (const body of broken) expect(() => parse(body)).toThrow(refusal(/^(?!.*Hunter2)/));
  });

  it.each([
    ["values", `[${"0,".repeat(20_000)}0]`, 40_000],
    ["empty lists", `[${"[],".repeat(20_000)}[]]`, 59_999],
    ["names and values", `[${'{"a":0},'.repeat(7_000)}{}]`, 53_331],
  ])("is one of more than 20,000 %s, of which the first too many is named", (_what, body, column) => {
    expect(() => parse(body, { kind: undefined })).toThrow(at(1, column, "there are more than 20000 names and values"));
  });

  it("is one with more than 1000 names in one object, of which the first too many is named", () => {
    const names = (count: number) => `{${Array.from({ length: count }, (_, n) => `"n${n % 10}":{"a":0}`).join(",")}}`;
    expect(() => parse(`{"inner":${names(1000)}}`)).not.toThrow();
    expect(() => parse(`{"inner":${names(1001)}}`)).toThrow(
      at(1, 10 + 1 + 1000 * 13, "there are more than 1000 names in one object"),
    );
  });

  it.each(["[", '{"a":'])("may be a megabyte of %j", (opening) => {
    expect(() => parse(opening.repeat(1_000_000 / opening.length))).toThrow(refusal("nested more than 64 deep"));
  });
});

describe("a text", () => {
  it.each([
    ["a value", 65_536, (text: string) => ({ a: { b: [text] } }), 'The member "b" of the request body'],
    ["a name", 1024, (text: string) => ({ a: { [text]: 1 } }), "A member's name in the request body"],
  ])("that is %s has at most %i characters", (_what, most, body, place) => {
    expect(() => parse(JSON.stringify(body("x".repeat(most))))).not.toThrow();
    expect(() => parse(JSON.stringify(body("x".repeat(most + 1))))).toThrow(
      refusal(`^${place} has more than ${most} characters; shorten it\\.$`),
    );
  });
});

describe("texts that no database keeps", () => {
  it.each([
    ['{"name":"a\\u0000b"}', 'The member "name" of the request body has the character U\\+0000'],
    ['{"a":[{"b":["\\ud800"]}]}', 'The member "b" of the request body has .* half of a surrogate pair'],
    ['{"\\udc00":1}', "A member's name in the request body has"],
  ])("are refused: %s", (body, message) => {
    expect(() => parse(body)).toThrow(refusal(message));
  });

  it("are not those with whole characters beyond the first plane", () => {
    expect(parse('{"name":"\\ud83d\\udea3"}')).toEqual({ name: "🚣" });
  });
});

describe("names that change prototypes", () => {
  it.each(['{"__proto__":{"a":1}}', '{"b":[{"__proto__":1}]}', '{"\\u005f_proto__":1}'])("are refused: %s", (body) => {
    expect(() => parse(body)).toThrow(refusal('^The request body has a member named "__proto__"; remove it\\.$'));
  });

  it("are refused as a constructor's prototype; a label may be named constructor", () => {
    expect(() => parse('{"constructor":{"prototype":{"a":1}}}')).toThrow(refusal('named "constructor"'));
    expect(parse('{"constructor":"builder"}')).toEqual({ constructor: "builder" });
  });
});
