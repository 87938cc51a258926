import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { settings } from "../src/config.ts";

const root = resolve(import.meta.dirname, "..");
const READMES = ["README.md", "README.zh-CN.md"] as const;
const DOCUMENTS = [...READMES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md"];

const textOf = (document: string) => readFileSync(join(root, document), "utf8");
const allOf = (document: string, pattern: RegExp) =>
  [...textOf(document).matchAll(pattern)].map((match) => match[1] ?? "");

describe.each(READMES)("%s", (readme) => {
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
    ["API operations", /\b((?:Create|Describe|Modify|Delete|Cancel|Pause|Resume)[A-Z]\w+)/g, String],
    ["links", /\]\((?!README)([^)]+)\)/g, String],
    ["headings", /^(#+) /gm, String],
  ])("%s", (_what, pattern, normalise) => {
    const [english, chinese] = READMES.map((readme) => allOf(readme, pattern).map(normalise));
    expect(english).not.toEqual([]);
    expect(chinese).toEqual(english);
  });
});

test.each(Object.entries(packageJson.scripts))("npm run %s starts files that exist", (_name, command) => {
  const files = [...command.matchAll(/(?:\w+\/)*[\w@./-]+\.(?:ts|mjs)\b/g)].map(([file]) => file);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

// Debian's sh stays between npm and the command otherwise, and a SIGTERM from npm ends the shell alone.
test.each(Object.entries(packageJson.scripts))("npm run %s gives its shell's place to the script", (_name, command) => {
  expect(command).toMatch(/(^|&& )exec node scripts\/bootstrap\.mjs [^&]*$/);
});

describe.each(DOCUMENTS)("%s", (document) => {
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
