/**
 * The one rule of imports, as data. Imports point one way:
 *
 *     cli → service → server → dialects → core ← tasks → substrates → nodes → kubernetes → machine
 *
 * `service` puts the parts together and may import them all; `cli` is the command line. `core` imports `storage`, and
 * `machine` is the bottom layer. Files directly in src/, but for config.ts, are small pure helpers (such as
 * cidr.ts) that every layer may import and that import no layer. Type-only imports count: a layer that knows another's
 * types depends on it.
 */

/** One layer: a folder of src/, or files directly in it. */
interface Layer {
  /** Folder below src/, `config` for config.ts, or `helpers` for the other files directly in src/. */
  name: string;
  /** Layers it may import besides itself and the helpers; `dialects` stands for all of them. */
  mayImport: readonly string[];
  /** What to do instead of an import that is not allowed, as a sentence. */
  wayOut: string;
}

/**
 * The folders among the dialects that are no dialect but shared by some, and by which: `common` by all of them, a vendor's
 * by its services. A shared folder imports no dialect.
 */
const shared: Readonly<Record<string, "all" | readonly string[]>> = { common: "all", huawei: ["cce", "iam"] };

const takeAsArgument = "Take it as an argument, as plain data or as a function.";

/** What each layer may import. */
const layers: readonly Layer[] = [
  {
    name: "cli",
    mayImport: ["service", "kubernetes", "storage", "machine", "config"],
    wayOut: "Put the parts together in src/service, and let the command call that.",
  },
  {
    name: "service",
    mayImport: [
      "server",
      "dialects",
      "core",
      "tasks",
      "substrates",
      "nodes",
      "kubernetes",
      "storage",
      "machine",
      "config",
    ],
    wayOut: "Move the code into src/.",
  },
  {
    name: "server",
    mayImport: ["dialects", "core", "storage", "config"],
    wayOut: interfaceIn("src/server or src/core"),
  },
  { name: "dialects", mayImport: ["core"], wayOut: interfaceIn("src/core") },
  { name: "core", mayImport: ["storage", "machine"], wayOut: interfaceIn("src/core") },
  {
    name: "tasks",
    mayImport: ["core", "storage", "substrates", "machine"],
    wayOut: interfaceIn("src/tasks or src/substrates"),
  },
  {
    name: "substrates",
    mayImport: ["nodes", "kubernetes", "machine"],
    wayOut: takeAsArgument,
  },
  { name: "nodes", mayImport: ["kubernetes", "machine"], wayOut: takeAsArgument },
  { name: "kubernetes", mayImport: ["machine"], wayOut: takeAsArgument },
  { name: "storage", mayImport: ["machine"], wayOut: takeAsArgument },
  { name: "machine", mayImport: [], wayOut: takeAsArgument },
  { name: "helpers", mayImport: [], wayOut: "Move the file into the folder of the layer that it belongs to." },
  { name: "config", mayImport: [], wayOut: "Move the code that needs the import into src/service." },
];

function interfaceIn(where: string): string {
  return `Declare what is needed as an interface in ${where}, and let src/service, which puts the parts together, pass the implementation in.`;
}

/** A layer as a path shows it: `dialect` tells the folders of the dialects apart, which are one row of the table. */
interface Place {
  layer: Layer;
  dialect?: string;
}

/**
 * Why `from` may not import `to`, as a sentence with the way out, or undefined when it may.
 *
 * @param from importing file, relative to the repository, e.g. `src/core/clusters/clusters.ts`
 * @param to imported file, likewise
 */
export function violationOf(from: string, to: string): string | undefined {
  if (from.endsWith(".integration.test.ts")) return undefined;
  const importer = placeOf(from);
  if (importer === undefined) return `${from} belongs to no layer. Add its folder to scripts/lint-imports/rules.ts.`;
  if (!to.startsWith("src/"))
    return leavesSource(from, to) ? `${from} leaves src/. ${importer.layer.wayOut}` : undefined;
  const imported = placeOf(to);
  if (imported === undefined) return `${to} belongs to no layer. Add its folder to scripts/lint-imports/rules.ts.`;
  if (isAllowed(importer, imported)) return undefined;
  if (imported.layer.name === "config")
    return "Only cli, service and server may read config.ts. Take the value as an argument.";
  const allowed = importer.layer.mayImport.join(", ") || "no other layer";
  return `${nameOf(importer)} may not import ${nameOf(imported)} (only: ${allowed}). ${importer.layer.wayOut}`;
}

function isAllowed(importer: Place, imported: Place): boolean {
  if (imported.layer.name === "helpers") return true;
  if (importer.layer !== imported.layer) return importer.layer.mayImport.includes(imported.layer.name);
  return imported.dialect === undefined || imported.dialect === importer.dialect || isSharedBy(imported, importer);
}

function isSharedBy({ dialect: folder = "" }: Place, { dialect = "" }: Place): boolean {
  const sharers = Object.hasOwn(shared, folder) ? shared[folder] : [];
  return sharers === "all" || (sharers ?? []).includes(dialect);
}

/** Tests may use test/support; everything may read package.json (the version). */
function leavesSource(from: string, to: string): boolean {
  const isTest = from.endsWith(".test.ts");
  return to !== "package.json" && !(isTest && to.startsWith("test/"));
}

function placeOf(path: string): Place | undefined {
  const [, first = "", ...below] = path.split("/");
  const name = below.length > 0 ? first : layerOfFile(first);
  const layer = layers.find((candidate) => candidate.name === name);
  if (layer === undefined) return undefined;
  return { layer, dialect: name === "dialects" && below.length > 1 ? below[0] : undefined };
}

function layerOfFile(name: string): string {
  return /^config\.(test\.)?ts$/.test(name) ? "config" : "helpers";
}

function nameOf({ layer, dialect }: Place): string {
  return dialect === undefined ? layer.name : `${layer.name}/${dialect}`;
}
