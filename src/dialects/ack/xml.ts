import { inTurns } from "../common/in-turns.ts";

/** The content type of XML answers. The TypeScript SDK recognises an XML error by exactly this text. */
export const xmlContentType = "text/xml;charset=utf-8";

/**
 * Whether an `Accept` header ranks XML above JSON (RFC 9110, section 12.5.1). Equal ranks, no header, and a header that
 * allows neither give JSON.
 */
export function prefersXml(accept: string | undefined): boolean {
  if (accept === undefined) return false;
  const ranges = accept.split(",").map(parseRange);
  const xml = Math.max(qualityOf(ranges, "application/xml"), qualityOf(ranges, "text/xml"));
  return xml > qualityOf(ranges, "application/json");
}

interface MediaRange {
  type: string;
  quality: number;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const written = parameters.find((parameter) => /^q\s*=/.test(parameter));
  const quality = written === undefined ? 1 : Number(written.replace(/^q\s*=/, ""));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** The quality of the most specific range that a media type falls under; 0 where there is none. */
function qualityOf(ranges: readonly MediaRange[], mediaType: string): number {
  const wildcard = `${mediaType.split("/")[0]}/*`;
  for (const type of [mediaType, wildcard, "*/*"]) {
    const found = ranges.find((range) => range.type === type);
    if (found !== undefined) return found.quality;
  }
  return 0;
}

/**
 * Writes a JSON value as an XML document with one root element. Members become elements of their name, members of an
 * array repeat the element, arrays in arrays and at the root become `item` elements. `null` members are left out.
 * A name that XML doesn't allow, such as a label's `topology.kubernetes.io/zone`, becomes `<entry key="…">`.
 * @param root the root element's name
 */
export function toXml(root: string, value: unknown): string {
  return documentOf(root, Array.isArray(value) ? value.map((item) => element("item", item)).join("") : inner(value));
}

/** The same of a list that may be of megabytes: others have their turn meanwhile. */
export async function listToXml(root: string, list: readonly unknown[]): Promise<string> {
  return documentOf(root, (await inTurns(list, (item) => element("item", item))).join(""));
}

const documentOf = (root: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`;

/** The XML of an error: the root `Error` and the gateway's spelling of the members, which is all that clients read. */
export function errorToXml(body: object): string {
  return toXml("Error", Object.fromEntries(Object.entries(body).filter(([name]) => /^[A-Z]/.test(name))));
}

function element(name: string, value: unknown): string {
  const isName = /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name);
  const start = isName ? name : `entry key="${escapeAttribute(name)}"`;
  const content = Array.isArray(value) ? value.map((item) => element("item", item)).join("") : inner(value);
  return content === "" ? `<${start}/>` : `<${start}>${content}</${isName ? name : "entry"}>`;
}

function inner(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return escapeText(String(value));
  return Object.entries(value)
    .map(([name, member]) => {
      if (member === null || member === undefined) return "";
      if (Array.isArray(member)) return member.map((item) => element(name, item)).join("");
      return element(name, member);
    })
    .join("");
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Escapes text for an element. Characters that XML 1.0 has no way to write become U+FFFD. */
function escapeText(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/[\p{Cc}\ufffe\uffff]/gu, (char) => (/[\t\n\r\u007f-\u009f]/.test(char) ? char : "\ufffd"))
      .replace(/[&<>"]/g, (char) => escapes[char] ?? char)
      // A parser reads a bare carriage return as a line feed.
      .replaceAll("\r", "&#13;")
  );
}

/** Escapes text for an attribute, where a parser reads tabs and line feeds as spaces. */
function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll("\t", "&#9;").replaceAll("\n", "&#10;");
}
