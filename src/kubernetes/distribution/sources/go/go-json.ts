/** What Go prints as JSON, which lines of progress may come before and after. */
export const readJson = <T>(lines: readonly string[]): T =>
  JSON.parse(lines.slice(lines.indexOf("{"), lines.lastIndexOf("}") + 1).join("\n")) as T;
