/** Where and why a text is not acceptable JSON. */
export interface JsonProblem {
  /** Index into the text, in UTF-16 units. */
  offset: number;
  /** A clause for users. It never repeats the text, which may hold a password. */
  reason: string;
}

/** How much a text may hold. */
export interface JsonLimits {
  /** How deep objects and arrays may be nested. */
  depth: number;
  /** Names and values in all; any number where it is not said. */
  values?: number;
  /** Names in one object; any number where it is not said. */
  names?: number;
}

/** What may stand next. */
type Expected = "value" | "value or ]" | "name" | "name or }" | "colon" | "comma or }" | "comma or ]" | "nothing";

/**
 * Finds the first place where a text stops being JSON (RFC 8259), or is nested deeper or has more in it than allowed. `undefined` where all
 * is well. `JSON.parse` tells no place for half of its errors, and repeats the text in the others; this walks the text
 * without recursion, so that a megabyte of `[` does no harm.
 */
export function findJsonProblem(text: string, limits: JsonLimits): JsonProblem | undefined {
  const { depth, values: most = Number.POSITIVE_INFINITY, names: mostNames = Number.POSITIVE_INFINITY } = limits;
  const open: ("{" | "[")[] = [];
  let values = 0;
  /** Of the object that is open at each depth. */
  const names: number[] = [];
  let expected: Expected = "value";
  let offset = afterSpace(text, 0);
  while (offset < text.length) {
    const token = readToken(text, offset);
    if ("reason" in token) return token;
    const next = follow(expected, token.kind, open);
    if (next === undefined) return { offset, reason: explain(expected, token.kind, text[offset] ?? "") };
    if (open.length > depth) return { offset, reason: `objects and arrays are nested more than ${depth} deep` };
    if (!separators.has(token.kind)) values += 1;
    if (values > most) return { offset, reason: `there are more than ${most} names and values` };
    if (next === "name or }") names[open.length] = 0;
    if (next === "colon") {
      const count = (names[open.length] ?? 0) + 1;
      if (count > mostNames) return { offset, reason: `there are more than ${mostNames} names in one object` };
      names[open.length] = count;
    }
    expected = next;
    offset = afterSpace(text, token.end);
  }
  if (expected === "nothing") return undefined;
  return { offset: text.length, reason: `the text ends where ${expectations[expected]} is expected` };
}

/** Line and column of a place in a text, both from 1. Columns count characters, not UTF-16 units. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < offset; end = text.indexOf("\n", start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: [...text.slice(start, offset)].length + 1 };
}

/** What is neither a name nor the beginning of a value. */
const separators: ReadonlySet<TokenKind> = new Set<TokenKind>(["}", "]", ":", ","]);

const expectations: Record<Expected, string> = {
  value: "a value",
  "value or ]": 'a value or "]"',
  name: "a name in double quotes",
  "name or }": 'a name in double quotes or "}"',
  colon: 'a ":" after the name',
  "comma or }": 'a comma or "}"',
  "comma or ]": 'a comma or "]"',
  nothing: "the end of the text",
};

type TokenKind = "{" | "}" | "[" | "]" | ":" | "," | "string" | "scalar" | "other";
type Token = { kind: TokenKind; end: number };

/** The state after a token, which enters or leaves `open`; `undefined` where the token may not stand here. */
function follow(expected: Expected, kind: TokenKind, open: ("{" | "[")[]): Expected | undefined {
  const afterValue = (): Expected => {
    const inside = open.at(-1);
    return inside === undefined ? "nothing" : inside === "{" ? "comma or }" : "comma or ]";
  };
  const closes = (kind === "}" && expected.endsWith("or }")) || (kind === "]" && expected.endsWith("or ]"));
  if (closes) {
    open.pop();
    return afterValue();
  }
  if (expected === "value" || expected === "value or ]") {
    if (kind === "string" || kind === "scalar") return afterValue();
    if (kind !== "{" && kind !== "[") return undefined;
    open.push(kind);
    return kind === "{" ? "name or }" : "value or ]";
  }
  if (kind === "string" && (expected === "name" || expected === "name or }")) return "colon";
  if (kind === ":" && expected === "colon") return "value";
  if (kind === "," && expected === "comma or }") return "name";
  if (kind === "," && expected === "comma or ]") return "value";
  return undefined;
}

function explain(expected: Expected, kind: TokenKind, char: string): string {
  if (char === "/" || char === "#") return "JSON has no comments; remove this one";
  if (/['`‘’“”]/.test(char)) return 'names and strings stand in plain double quotes (")';
  if (kind === "}" && expected === "name") return 'a comma stands before this "}"; remove the comma';
  if (kind === "]" && expected === "value") return 'a comma stands before this "]"; remove the comma';
  if (expected === "nothing") return "the JSON value has ended before; nothing may follow it";
  if (expected.startsWith("comma") && (kind === "string" || kind === "scalar" || kind === "{" || kind === "[")) {
    return `${expectations[expected]} is expected; a comma is missing`;
  }
  if (/[\d.+-]/.test(char) && expected.startsWith("value")) {
    return "a number is written as 0, -12 or 3.5e6, without a plus sign, leading zeros or a bare dot";
  }
  if (kind === "other" && expected.startsWith("value")) {
    return `${expectations[expected]} is expected: a string in double quotes, a number, true, false, null, an object or an array`;
  }
  return `${expectations[expected]} is expected`;
}

function readToken(text: string, offset: number): Token | JsonProblem {
  const char = text[offset] ?? "";
  if (char === '"') return readString(text, offset);
  if ("{}[]:,".includes(char)) return { kind: char as TokenKind, end: offset + 1 };
  scalar.lastIndex = offset;
  const match = scalar.exec(text);
  // A word goes on: `truely`, `01`, `1.` are no tokens.
  if (match === null || /[\w.+-]/.test(text[scalar.lastIndex] ?? "")) return { kind: "other", end: offset + 1 };
  return { kind: "scalar", end: scalar.lastIndex };
}

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

const controlCharacter = "a line break or control character in a string is written \\n, \\t or \\u…";
const badEscape = 'after "\\" in a string stands one of " \\ / b f n r t, or u and four hex digits';

function readString(text: string, start: number): Token | JsonProblem {
  let offset = start + 1;
  while (offset < text.length) {
    const char = text[offset] ?? "";
    if (char === '"') return { kind: "string", end: offset + 1 };
    if (char < " ") return { offset, reason: controlCharacter };
    if (char !== "\\") {
      offset += 1;
      continue;
    }
    if (offset + 1 === text.length) break;
    const written = /^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/.exec(text.slice(offset, offset + 6));
    if (written === null) return { offset, reason: badEscape };
    offset += written[0].length;
  }
  return { offset: start, reason: "the string that begins here is never closed" };
}

function afterSpace(text: string, offset: number): number {
  let end = offset;
  while (end < text.length && " \t\n\r".includes(text[end] ?? "")) end += 1;
  return end;
}
