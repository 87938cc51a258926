/**
 * The parts of an HTTP request that a signature covers, exactly as they came over the wire. No signature scheme reads
 * anything else.
 */
export interface SignedRequest {
  /** HTTP method in capitals, e.g. `GET`. */
  method: string;
  /** The request target as received: path, and `?` with the raw query where there is one. */
  rawTarget: string;
  /** Node's flat array: name, value, name, value … The merged `headers` object drops or re-joins duplicates. */
  rawHeaders: readonly string[];
  /** The raw body; empty where the request has none. */
  body: Buffer;
}

/**
 * The value of a header as a signature sees it: trimmed, and where the header occurs several times, the trimmed values
 * sorted and joined with a comma. `undefined` where the header is absent.
 */
export function headerValue(request: Pick<SignedRequest, "rawHeaders">, name: string): string | undefined {
  const values: string[] = [];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    if (request.rawHeaders[index]?.toLowerCase() === name) values.push((request.rawHeaders[index + 1] ?? "").trim());
  }
  return values.length === 0 ? undefined : values.sort().join(",");
}

/** How often a header occurs. */
export function headerCount(request: Pick<SignedRequest, "rawHeaders">, name: string): number {
  return request.rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === name).length;
}

/** The lower-cased names of the headers present that start with a prefix, each once, in byte order. */
export function headerNamesStarting(request: Pick<SignedRequest, "rawHeaders">, prefix: string): string[] {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return [...new Set(names)].filter((name) => name.startsWith(prefix)).sort();
}

/** Splits a request target at its first `?`. `query` is `undefined` where there is none, `""` after a lone `?`. */
export function splitTarget(rawTarget: string): { path: string; query: string | undefined } {
  const mark = rawTarget.indexOf("?");
  if (mark < 0) return { path: rawTarget, query: undefined };
  return { path: rawTarget.slice(0, mark), query: rawTarget.slice(mark + 1) };
}

/**
 * The decoded parameters of a raw query, sorted by name; parameters of one name keep the order they came in. `+` is a
 * space. A piece whose percent escapes are broken is taken as it stands.
 */
export function sortedParameters(query: string | undefined): [name: string, value: string][] {
  if (query === undefined || query === "") return [];
  const parameters = query
    .split("&")
    .filter((piece) => piece !== "")
    .map((piece): [string, string] => {
      const equals = piece.indexOf("=");
      if (equals < 0) return [decode(piece), ""];
      return [decode(piece.slice(0, equals)), decode(piece.slice(equals + 1))];
    });
  return parameters.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
}

function decode(text: string): string {
  const spaced = text.replaceAll("+", " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** RFC 3986: everything but letters, digits and `-_.~` is escaped. */
export function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
