import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorToXml, listToXml, prefersXml, toXml } from "./xml.ts";

describe("XML is preferred", () => {
  it.each([
    [undefined, false],
    ["", false],
    ["application/json", false],
    ["*/*", false],
    ["application/xml", true],
    ["text/xml", true],
    ["Application/XML; charset=utf-8", true],
    ["application/xml, application/json", false],
    ["application/json, application/xml", false],
    ["application/xml, */*", false],
    ["application/xml, */*;q=0.5", true],
    ["application/xml;q=0.9, application/json;q=0.8", true],
    ["application/xml;q=0.8, application/json;q=0.9", false],
    ["application/xml;q=0.5, application/json;q=0", true],
    ["text/xml; q=0.2", true],
    ["application/xml;q=0", false],
    ["text/xml;q=0, application/xml", true],
    ["application/xml;q=2", false],
    ["application/xml;q=abc", false],
    ["text/*", true],
    ["application/*", false],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
    ["image/png", false],
  ])("with Accept %j: %s", (accept, expected) => {
    expect(prefersXml(accept)).toBe(expected);
  });
});

describe("the XML of an answer", () => {
  const content = (value: unknown) => toXml("R", value).replace('<?xml version="1.0" encoding="UTF-8"?>\n', "");

  it("is the same of a long list, which is written in several turns", async () => {
    const list = Array.from({ length: 1001 }, (_, id) => ({ id, state: "a<b" }));
    expect(await listToXml("R", list)).toBe(toXml("R", list));
    expect(await listToXml("R", [])).toBe(toXml("R", []));
  });

  it("is a document with one root round the documented elements", () => {
    const answer = { cluster_id: "cb95aa626a47740afbf6aa099b650000", task_id: "T-5a54", request_id: "687C5BAA" };
    expect(toXml("CreateClusterResponse", answer)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<CreateClusterResponse>' +
        "<cluster_id>cb95aa626a47740afbf6aa099b650000</cluster_id><task_id>T-5a54</task_id>" +
        "<request_id>687C5BAA</request_id></CreateClusterResponse>",
    );
  });

  it.each<[string, unknown, string]>([
    [
      "numbers and booleans",
      { size: 3, deletion_protection: false },
      "<size>3</size><deletion_protection>false</deletion_protection>",
    ],
    ["nested objects", { page_info: { page_number: 1 } }, "<page_info><page_number>1</page_number></page_info>"],
    [
      "an array as repeated elements",
      { tags: [{ key: "a" }, { key: "b" }] },
      "<tags><key>a</key></tags><tags><key>b</key></tags>",
    ],
    ["an array in an array", { a: [["x"], []] }, "<a><item>x</item></a><a/>"],
    ["an empty array", { tags: [] }, ""],
    ["null, which is left out", { state: null }, ""],
    ["null in an array, which keeps its place", { a: [null, 1] }, "<a/><a>1</a>"],
    ["empty texts and objects", { a: "", b: {} }, "<a/><b/>"],
    ["an array at the root", [{ id: 1 }, { id: 2 }], "<item><id>1</id></item><item><id>2</id></item>"],
    ["markup", { a: `<b a="1">&</b>]]>` }, "<a>&lt;b a=&quot;1&quot;&gt;&amp;&lt;/b&gt;]]&gt;</a>"],
    ["line breaks", { a: "x\r\ny\tz" }, "<a>x&#13;\ny\tz</a>"],
    [
      "characters that XML can't write",
      { a: "\u0000\u001b\ufffe\ud800x😀\u0085" },
      "<a>\ufffd\ufffd\ufffd\ufffdx😀\u0085</a>",
    ],
    ["a label's name", { "a.io/b": "c" }, '<entry key="a.io/b">c</entry>'],
    [
      "names that need escaping",
      { '<"&\n': 1, "": 2, "1a": {} },
      '<entry key="1a"/><entry key="&lt;&quot;&amp;&#10;">1</entry><entry key="">2</entry>',
    ],
    ["repeated labels", { "a/b": [1, 2] }, '<entry key="a/b">1</entry><entry key="a/b">2</entry>'],
  ])("writes %s", (_name, value, expected) => {
    const sorted = (text: string) =>
      text
        .match(/<entry .*?(?:\/>|<\/entry>)/gs)
        ?.sort()
        .join("") ?? text;
    expect(sorted(content(value))).toBe(sorted(`<R>${expected}</R>`));
  });

  it("of an error has the root Error and the gateway's spelling", () => {
    const body = { code: "c", message: "m", requestId: "r", status: 400, Code: "c", Message: "m <b>", RequestId: "r" };
    expect(errorToXml(body)).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>c</Code><Message>m &lt;b&gt;</Message><RequestId>r</RequestId></Error>',
    );
  });

  it("is well formed and says the same as the JSON, whatever is in it", () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[a-z_]{1,6}$/));
    const { answer } = fc.letrec((tie) => ({
      answer: fc.dictionary(name, tie("member"), { maxKeys: 4, noNullPrototype: true }),
      member: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: "binary" }),
        fc.double({ noNaN: true }),
        fc.boolean(),
        fc.constant(null),
        tie("answer"),
        fc.array(tie("member"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(answer, (value) => {
        expect(readXml(toXml("R", value))).toEqual({ name: "R", content: expectedContent(value) });
      }),
      { numRuns: 1000 },
    );
  });
});

/** An element: its name or key, and its text or its elements in order. */
interface XmlElement {
  name: string;
  content: string | XmlElement[];
}

const replaced = (text: string) =>
  [...text]
    .map((char) => (/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]$/u.test(char) ? char : "\ufffd"))
    .join("");

/** What a reader should find for a JSON value. */
function expectedContent(value: unknown): string | XmlElement[] {
  if (value === null) return "";
  if (typeof value !== "object") return replaced(String(value));
  const elements = Array.isArray(value)
    ? value.map((item) => ({ name: "item", content: expectedContent(item) }))
    : Object.entries(value).flatMap(([key, member]) => {
        const items = member === null ? [] : Array.isArray(member) ? member : [member];
        return items.map((item) => ({ name: replaced(key), content: expectedContent(item) }));
      });
  return elements.length === 0 ? "" : elements;
}

/** A strict reader of the XML that answers are made of; throws where it is not well formed. */
function readXml(text: string): XmlElement {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  if (!text.startsWith(head)) throw new Error("no XML declaration");
  const root: XmlElement[] = [];
  const open: { tag: string; element: XmlElement }[] = [];
  const token = /<(?<end>\/)?(?<tag>[A-Za-z_][\w.-]*)(?: key="(?<key>[^"<]*)")?(?<empty>\/)?>|(?<text>[^<]+)/y;
  token.lastIndex = head.length;
  while (token.lastIndex < text.length) {
    const place = token.lastIndex;
    const found = token.exec(text)?.groups;
    if (found === undefined) throw new Error(`not well formed at ${place}`);
    const parent = open.at(-1)?.element;
    if (found.text !== undefined) {
      if (parent === undefined || parent.content !== "") throw new Error(`text at ${place}`);
      parent.content = resolveReferences(found.text);
    } else if (found.end !== undefined) {
      if (open.pop()?.tag !== found.tag) throw new Error(`wrong end tag at ${place}`);
    } else {
      const element: XmlElement = {
        name: found.key === undefined ? (found.tag ?? "") : resolveReferences(found.key),
        content: "",
      };
      if (parent === undefined) root.push(element);
      else if (typeof parent.content !== "string") parent.content.push(element);
      else if (parent.content === "") parent.content = [element];
      else throw new Error(`element after text at ${place}`);
      if (found.empty === undefined) open.push({ tag: found.tag ?? "", element });
    }
  }
  const [only] = root;
  if (open.length > 0 || root.length !== 1 || only === undefined) throw new Error("not one root element");
  return only;
}

function resolveReferences(text: string): string {
  const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"' };
  // A parser reads line ends as line feeds before it resolves references.
  return text.replace(/\r\n?/g, "\n").replace(/&(?:#(\d+)|(\w+));|&/g, (_, code?: string, name?: string) => {
    if (code !== undefined) return String.fromCharCode(Number(code));
    const char = named[name ?? ""];
    if (char === undefined) throw new Error("a bare &");
    return char;
  });
}
