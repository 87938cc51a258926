import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import pino from "pino";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { settings } from "../src/config.ts";
import { ack } from "../src/dialects/ack/index.ts";
import { cce } from "../src/dialects/cce/index.ts";
import { type Dialect, type MountedDialect, mount } from "../src/dialects/common/dialect.ts";
import type { Operation } from "../src/dialects/common/operation.ts";
import { iam } from "../src/dialects/iam/index.ts";
import { createApp } from "../src/server/app.ts";
import { createGuard } from "../src/server/guard.ts";

const root = resolve(import.meta.dirname, "..");
const readmes = ["README.md", "README.zh-CN.md"] as const;
const documents = [
  ...readmes,
  ...["CONTRIBUTING.md", "CHANGELOG.md"],
  ...["docs/ack.md", "docs/architecture.md", "docs/cce.md", "docs/deviations.md", "docs/iam.md"],
];

const textOf = (document: string) => readFileSync(join(root, document), "utf8");
const allOf = (document: string, pattern: RegExp) =>
  [...textOf(document).matchAll(pattern)].map((match) => match[1] ?? "");

describe.each(readmes)("%s", (readme) => {
  test("has every setting in its table, in the order of the source", () => {
    const variables = Object.values(settings).map(({ variable }) => variable);
    expect(allOf(readme, /^\| `(SAMPAN_\w+)` \|/gm)).toEqual(variables);
  });

  test("says every default that does not depend on the machine", () => {
    expect(textOf(readme)).toContain(`| \`SAMPAN_PORT\` | \`${settings.port.fallback()}\` |`);
    expect(textOf(readme)).toContain(`| \`SAMPAN_HOST\` | \`${settings.host.fallback()}\` |`);
    expect(textOf(readme)).toContain(`| \`SAMPAN_SUBSTRATE\` | \`${settings.substrate.fallback()}\` |`);
    expect(textOf(readme)).toContain(`| \`SAMPAN_VERSION_POLICY\` | \`${settings.versionPolicy.fallback()}\` |`);
    expect(textOf(readme)).toContain(`| \`SAMPAN_LOG_LEVEL\` | \`${settings.logLevel.fallback()}\` |`);
  });

  test("shows the two commands within the first screen", () => {
    const firstScreen = textOf(readme).split("\n").slice(0, 24);
    expect(firstScreen.filter((line) => /^npm (run demo|test)\b/.test(line))).toHaveLength(2);
  });
});

describe("the two READMEs are in step", () => {
  test.each([
    ["code", /```\w+\n(.*?)```/gs, (code: string) => code.replace(/#.*$/gm, "").trim()],
    ["API operations", /\b((?:Create|Describe|Modify|Delete|Cancel|Pause|Resume|List|Show|Update)[A-Z]\w+)/g, String],
    ["links", /\]\((?!README)([^)]+)\)/g, String],
    ["headings", /^(#+) /gm, String],
  ])("%s", (_what, pattern, normalise) => {
    const [english, chinese] = readmes.map((readme) => allOf(readme, pattern).map(normalise));
    expect(english).not.toEqual([]);
    expect(chinese).toEqual(english);
  });
});

const nothing = {} as never;
const settingsOfApis = { validation: "lenient", inventory: "implicit", disableRollbackMeaning: "text" } as const;
const newestVersion = async () => undefined;
const context = { core: nothing, observer: nothing, settings: settingsOfApis, newestVersion };

describe.each<[string, Pick<Dialect<never>, "name" | "operations">, MountedDialect]>([
  ["docs/ack.md", ack, mount(ack, context)],
  ["docs/cce.md", cce, mount(cce, context)],
  ["docs/iam.md", iam, mount(iam, context)],
])("the table of operations in %s", (document, { operations }, mounted) => {
  // One row may have several operations: their names and their paths, whose ends are enough, stand in the same order.
  const documented = [...textOf(document).matchAll(/^\| ([A-Z]\w+(?:, \w+)*) \| (`[A-Z]+ [^|]+`) \|/gm)].flatMap(
    ([, names = "", requests = ""]) => {
      const [, method = ""] = /^`([A-Z]+) /.exec(requests) ?? [];
      const paths = requests.split(", ").map((request) => /([^` ]+)`$/.exec(request)?.[1] ?? "");
      return names.split(", ").map((name, index) => ({ name, method, path: paths[index] ?? "" }));
    },
  );

  test("has just those that are served", async () => {
    const served = await servedBy(mounted);
    expect(served).not.toEqual([]);
    expect(documented.map(({ name }) => name).toSorted()).toEqual(served.toSorted());
  });

  test("has their methods and their paths", () => {
    for (const { name, method, path } of documented) {
      const operation = operations.find((known) => known.name === name);
      expect(operation?.method, name).toBe(method);
      expect(withoutNames(operation), name).toMatch(
        new RegExp(`${path.replace(/\{\w+\}/g, "{}").replace(/[.{}]/g, "\\$&")}$`),
      );
    }
  });
});

/** The names of the operations that a dialect has a handler for: the OpenAPI document has no others. */
async function servedBy(dialect: MountedDialect): Promise<string[]> {
  const app = await createApp({
    ...{ log: pino({ level: "silent" }), version: "1.2.3", core: nothing, observer: nothing },
    dialects: [dialect],
    guard: createGuard([]),
    checkReady: async () => undefined,
  });
  const { paths } = (await app.inject("/openapi.json")).json() as { paths: Record<string, Record<string, Described>> };
  await app.close();
  const described = Object.values(paths).flatMap((methods) => Object.values(methods));
  const prefix = `${dialect.name}.`;
  return described.flatMap(({ operationId = "" }) =>
    operationId.startsWith(prefix) ? [operationId.slice(prefix.length)] : [],
  );
}

interface Described {
  operationId?: string;
}

/** An operation's path, whatever its parameters are called. */
const withoutNames = (operation: Pick<Operation, "path"> | undefined): string =>
  (operation?.path ?? "").replace(/:\w+/g, "{}");

test.each(Object.entries(packageJson.scripts))("npm run %s starts files that exist", (_name, command) => {
  const files = [...command.matchAll(/(?:\w+\/)*[\w@./-]+\.(?:ts|mjs)\b/g)].map(([file]) => file);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

// Debian's sh stays between npm and the command otherwise, and a SIGTERM from npm ends the shell alone.
test.each(Object.entries(packageJson.scripts))("npm run %s gives its shell's place to the script", (_name, command) => {
  expect(command).toMatch(/(^|&& )exec node scripts\/bootstrap\.mjs [^&]*$/);
});

describe.each(documents)("%s", (document) => {
  test("names only npm scripts that exist", () => {
    const named = allOf(document, /\bnpm run ([\w:]+)/g);
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(named));
  });

  test("links only to files and headings that exist", () => {
    const targets = allOf(document, /\]\((?!https?:)([^)]+)\)/g);
    expect(targets.filter((target) => !existsAsLink(document, target))).toEqual([]);
  });
});

function existsAsLink(document: string, target: string): boolean {
  const [file = "", heading] = target.split("#");
  const linked = file === "" ? document : join(dirname(document), file);
  if (!existsSync(join(root, linked))) return false;
  return heading === undefined || headingsOf(linked).includes(heading);
}

/** The anchors that a renderer makes of a document's headings. */
function headingsOf(document: string): string[] {
  return allOf(document, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
