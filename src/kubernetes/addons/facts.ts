/** A ConfigMap holds a megabyte in all; nobody looks for more than this of one fact there. */
const factLength = 4096;

/** What a ConfigMap says, by name: facts that are undefined or empty are left out, and endless ones are cut. */
export function facts(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const there = Object.entries(given).flatMap(([name, fact]) => (fact ? [[name, shortened(fact)] as const] : []));
  return Object.fromEntries(there);
}

function shortened(text: string): string {
  return text.length > factLength ? `${text.slice(0, factLength)}…` : text;
}
