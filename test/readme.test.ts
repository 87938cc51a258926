import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startService, type TestService } from "./support/service.ts";

const root = resolve(import.meta.dirname, "..");
/** Where the documents have the service. */
const documented = "127.0.0.1:7080";

let service: TestService;
/** A home folder with `.sampan` in it, as the documents have it. */
let home: string;

beforeAll(async () => {
  service = await startService();
  home = join(service.folder, "user");
  await mkdir(home);
  await symlink(service.home, join(home, ".sampan"));
});

afterAll(() => service?.dispose());

/** The examples of a document in one language, at the address of the service under test. */
const examples = (document: string, language: string): string[] =>
  [...readFileSync(join(root, document), "utf8").matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "gs"))].map(
    ([, code = ""]) => code.replaceAll(documented, service.endpoint),
  );

const options = () => ({ cwd: root, extendEnv: false, env: { HOME: home, PATH: process.env.PATH ?? "" } });

// The code blocks of README.zh-CN.md are the same: scripts/documents.test.ts compares them.
describe.each([
  ["README.md", 2],
  ["docs/cce.md", 2],
])("the programs in %s", (document, count) => {
  test("list the clusters, of which there are none, through the vendors' SDKs", async () => {
    const programs = examples(document, "js");
    expect(programs).toHaveLength(count);
    for (const program of programs) {
      expect(program).toContain(service.endpoint);
      const { stdout } = await execa(process.execPath, ["--input-type=commonjs", "--eval", program], options());
      expect(stdout, program).toBe("[]");
    }
  });
});

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

test.runIf(hasCurl)("the commands in docs/iam.md get a token, and list the clusters with it", async () => {
  const script = examples("docs/iam.md", "sh").find((example) => example.includes("/v3/auth/tokens")) ?? "";
  expect(script).toContain(service.endpoint);
  const node = `node() { "${process.execPath}" "$@"; }\n`;
  const { stdout } = await execa("sh", ["-euc", node + script], options());
  expect(JSON.parse(stdout)).toEqual({ kind: "Cluster", apiVersion: "v3", items: [] });
});
