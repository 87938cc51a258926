/** One entry of apt's list of package sources, of either format (sources.list(5)). */
export interface AptEntry {
  types: string[];
  uris: string[];
  suites: string[];
  components: string[];
  /** Other fields by their lower-case name, e.g. `signed-by`; the text as written, without its first line's indent. */
  options: Record<string, string>;
}

/** One address of a Debian archive, with the fields that say how far it is trusted. */
export interface DebianMirror {
  uri: string;
  options: Record<string, string>;
}

/** Fields that must go along with an address: signatures and their dates. Others (languages, targets) would only add work. */
const keptOptions: readonly string[] = [
  "signed-by",
  "trusted",
  "check-date",
  "date-max-future",
  "check-valid-until",
  "valid-until-min",
  "valid-until-max",
  "inrelease-path",
  "allow-insecure",
  "allow-weak",
  "allow-downgrade-to-insecure",
];

/** The Debian release that the recipe is made for. */
const debianSuite = "bookworm";

/** Reads a file of the one-line format: `deb [signed-by=/key.gpg] http://host/debian bookworm main`. */
export function parseOneLineSources(text: string): AptEntry[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)((?:\s+[^\s#]+)*)/.exec(line);
    if (!match) return [];
    const [, type = "", options = "", uri = "", suite = "", components = ""] = match;
    return [{ types: [type], uris: [uri], suites: [suite], components: words(components), options: pairs(options) }];
  });
}

/** Reads a file of the deb822 format: paragraphs of `Field: value` lines, a disabled paragraph left out. */
export function parseDeb822Sources(text: string): AptEntry[] {
  const withoutComments = text.split("\n").filter((line) => !line.startsWith("#"));
  return withoutComments
    .join("\n")
    .split(/\n\s*\n/)
    .map(parseParagraph)
    .filter((fields) => fields.uris !== undefined && !isNo(fields.enabled))
    .map(({ types = "", uris = "", suites = "", components = "", ...options }) => ({
      types: words(types),
      uris: words(uris),
      suites: words(suites),
      components: words(components),
      options,
    }));
}

/**
 * The addresses at which Debian 12 can be had, the likeliest first: archives named for `bookworm`, then other sources of
 * that suite (a company's mirror may be called anything), then Debian archives of other releases, which as a rule hold
 * this one too.
 */
export function debianMirrors(entries: readonly AptEntry[]): DebianMirror[] {
  const ranked = entries
    .filter((entry) => entry.components.includes("main"))
    .flatMap((entry) => entry.uris.map((uri) => ({ uri, entry, rank: rank(uri, entry) })))
    .filter(({ rank }) => rank !== undefined)
    .sort((one, other) => Number(one.rank) - Number(other.rank));
  const first = (uri: string) => ranked.findIndex((one) => withoutSlash(one.uri) === withoutSlash(uri));
  return ranked
    .filter(({ uri }, index) => first(uri) === index)
    .map(({ uri, entry }) => ({ uri, options: kept(entry) }));
}

/** The text of a deb822 file that names this mirror for the packages and the sources of Debian 12. */
export function renderSources(mirror: DebianMirror, architecture: string): string {
  const fields = {
    Types: "deb deb-src",
    URIs: mirror.uri,
    Suites: debianSuite,
    Components: "main",
    Architectures: architecture,
    Targets: "Packages Sources",
    ...mirror.options,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
}

function rank(uri: string, entry: AptEntry): number | undefined {
  if (uri.startsWith("cdrom:")) return undefined;
  const isArchive = /\/debian(\.list)?\/?$/.test(uri);
  if (entry.suites.includes(debianSuite)) return isArchive ? 0 : 1;
  return isArchive ? 2 : undefined;
}

function kept(entry: AptEntry): Record<string, string> {
  return Object.fromEntries(Object.entries(entry.options).filter(([name]) => keptOptions.includes(name)));
}

/** Fields of one paragraph by lower-case name; a continuation line keeps its indent, as deb822 writes an inline key. */
function parseParagraph(paragraph: string): Record<string, string> {
  const fields: Record<string, string> = {};
  let current = "";
  for (const line of paragraph.split("\n")) {
    const match = /^([A-Za-z][\w-]*):\s*(.*)$/.exec(line);
    if (match) {
      current = (match[1] ?? "").toLowerCase();
      fields[current] = match[2] ?? "";
    } else if (/^\s/.test(line) && current !== "") fields[current] += `\n${line}`;
  }
  return fields;
}

function pairs(text: string): Record<string, string> {
  const all = words(text).map((word) => word.split("=", 2));
  return Object.fromEntries(all.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

function isNo(value: string | undefined): boolean {
  return value !== undefined && /^(no|false|off|0|without|disable)$/i.test(value.trim());
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, "");
}
