const newline = 0x0a;

/**
 * Splits a byte stream at line feeds and parses each non-empty line as JSON, as soon as the line is complete. Works on
 * bytes until a line is whole, so that a character split between two chunks comes out right. A last line without a
 * line feed is parsed too.
 *
 * @throws {SyntaxError} where a line is not JSON.
 */
export async function* parseJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  // Parts of a line that is not complete yet: joined once, so a large object in many chunks costs linear time.
  let pending: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      pending.push(chunk.subarray(start, end));
      const line = takeLine(pending);
      pending = [];
      start = end + 1;
      if (line !== "") yield JSON.parse(line);
    }
    if (start < chunk.length) pending.push(chunk.subarray(start));
  }
  const rest = takeLine(pending);
  if (rest !== "") yield JSON.parse(rest);
}

function takeLine(parts: Uint8Array[]): string {
  return Buffer.concat(parts).toString("utf8").trim();
}
