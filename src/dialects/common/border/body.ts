import { isUtf8 } from "node:buffer";
import type { TSchema } from "typebox";
import type { BodyKind } from "../operation.ts";
import { parseForm } from "./form.ts";
import { invalidJson, parseJson } from "./json.ts";
import { requireKeptText } from "./kept-text.ts";
import { invalidRequest, RequestProblem } from "./request-problem.ts";

/** What is known of a body besides its bytes. */
export interface BodyContext {
  /** The `content-type` header. Where it is absent, JSON is assumed. */
  contentType: string | undefined;
  /** The schema of the body: says what of a form is a list or an object. */
  schema?: TSchema | undefined;
  /** What the operation takes; `undefined` for any JSON value or none. */
  kind?: BodyKind | undefined;
  /** The operation's name, for messages. */
  operation?: string | undefined;
}

/** What a body of a content type is, in which the vendors' SDKs send them. */
type Format = "JSON" | "form";

/** The `aliyun` CLI and the first SDKs name bytes as such; an API of this kind has no other bytes than JSON. */
const formats: Readonly<Record<string, Format>> = {
  "": "JSON",
  "application/json": "JSON",
  "application/octet-stream": "JSON",
  "application/x-www-form-urlencoded": "form",
};

/** The most characters of a text in a body: as many as scripts and certificates may have, the longest that are documented. */
const longestText = 65_536;

/** The most characters of a member's name: Kubernetes' labels, the longest of the user's, have 317. */
const longestName = 1024;

/**
 * Parses the raw body of a request. An empty one gives `undefined`, or `{}` where the operation takes an optional object.
 * A byte order mark is skipped; of members with equal names the last counts. A form is read as an object.
 * @throws {RequestProblem}, with line and column where it is not JSON
 */
export function parseBody(raw: Buffer, context: BodyContext): unknown {
  if (isBlank(raw)) return emptyBody(context);
  const format = formatOf(context.contentType);
  const text = decodeUtf8(raw);
  // A program that does not say what it sends may call JSON a form, as curl does.
  const isForm = format === "form" && !/^\s*[[{]/.test(text);
  const value = isForm ? parseForm(text, context.schema) : parseJson(text, "The request body");
  requireHarmless(value, "The request body");
  requireKind(value, context);
  return value;
}

function emptyBody(context: BodyContext): unknown {
  if (context.kind === undefined) return undefined;
  if (context.kind === "optional object") return {};
  throw invalidRequest(`The request body is empty; ${takes(context)}.`);
}

function requireKind(value: unknown, context: BodyContext): void {
  const actual = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const wanted = context.kind === "optional object" ? "object" : context.kind;
  if (wanted === undefined || actual === wanted) return;
  throw invalidRequest(`The request body is not a JSON ${wanted} but ${withArticle(actual)}; ${takes(context)}.`);
}

function takes(context: BodyContext): string {
  const kind = context.kind === "array" ? "a JSON array" : "a JSON object";
  return `${context.operation ?? "this operation"} takes ${kind}`;
}

function withArticle(type: string): string {
  if (type === "null") return type;
  return type === "array" || type === "object" ? `an ${type}` : `a ${type}`;
}

function formatOf(contentType: string | undefined): Format {
  const type = contentType?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const format = Object.hasOwn(formats, type) ? formats[type] : undefined;
  if (format !== undefined) return format;
  throw new RequestProblem(
    "unsupported media type",
    `The request body's content type ${JSON.stringify(type.slice(0, 100))} is not supported. Send JSON, with application/json.`,
  );
}

function isBlank(raw: Buffer): boolean {
  return raw.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
}

function decodeUtf8(raw: Buffer): string {
  // TextDecoder drops a byte order mark, toString keeps it.
  const text = new TextDecoder("utf-8").decode(raw);
  if (isUtf8(raw)) return text;
  const reason = "the bytes from here on are not UTF-8; send the body in UTF-8";
  throw invalidJson("The request body", text, firstReplacement(raw, text), reason);
}

/** Where the decoder put U+FFFD for bytes that are not UTF-8, skipping those that the sender wrote. */
function firstReplacement(raw: Buffer, text: string): number {
  const mark = raw.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const written = Buffer.from("\ufffd");
  let bytes = mark;
  let from = 0;
  for (;;) {
    const found = text.indexOf("\ufffd", from);
    if (found < 0) return from;
    bytes += Buffer.byteLength(text.slice(from, found));
    if (!raw.subarray(bytes, bytes + 3).equals(written)) return found;
    bytes += 3;
    from = found + 1;
  }
}

/** Looks at all texts and at the names of members. The depth of the value is bounded before. */
function requireHarmless(value: unknown, place: string): void {
  if (typeof value === "string") requireText(value, longestText, place);
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const [name, inner] of Object.entries(value)) {
    if (!isList) requireName(name, inner);
    requireHarmless(inner, isList ? place : `The member "${name}" of the request body`);
  }
}

/**
 * Refuses names that change an object's prototype when it is copied, too: `__proto__`, and `constructor` with a `prototype`
 * inside.
 */
function requireName(name: string, inner: unknown): void {
  requireText(name, longestName, "A member's name in the request body");
  const isPoison =
    name === "__proto__" ||
    (name === "constructor" && typeof inner === "object" && inner !== null && Object.hasOwn(inner, "prototype"));
  if (isPoison) throw invalidRequest(`The request body has a member named "${name}"; remove it.`);
}

function requireText(text: string, longest: number, place: string): void {
  if (text.length > longest) throw invalidRequest(`${place} has more than ${longest} characters; shorten it.`);
  requireKeptText(text, place);
}
