#!/usr/bin/env node
/**
 * Runs a script of this repository on Node.js 24, whatever Node.js (20 or newer) the machine has:
 *
 *     node scripts/bootstrap.mjs <script> [arguments...]
 *
 * Installs the packages first when package-lock.json changed since the last time. Without a script it only does that.
 */
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { handOver } from "./bootstrap/hand-over.mjs";
import { ensureInstalled } from "./bootstrap/install.mjs";
import { SetupError } from "./bootstrap/setup-error.mjs";

const oldestNodeMajor = 20;

/** How Node.js is started for a script, by the script's path as it is asked for. */
const launches = {
  "src/cli/main.ts": {
    // V8's young generation grows while modules load and is never given back: a small one saves the service 150 MB.
    options: ["--max-semi-space-size=4"],
    // glibc keeps ever more of what the compilers have freed, unless it is told a bound, which is its own: 100 MB.
    environment: { MALLOC_TRIM_THRESHOLD_: "131072" },
  },
};

/**
 * @param {string} version as `process.version` has it, e.g. `v20.20.2`
 * @throws {SetupError} when this Node.js cannot install the packages
 */
export function assertNodeVersion(version) {
  if (Number(/^v?(\d+)/.exec(version)?.[1]) >= oldestNodeMajor) return;
  throw new SetupError(
    `Sampan needs Node.js ${oldestNodeMajor} or newer to set itself up, and this is ${version}. ` +
      `Install a newer one (the Node.js 24 that Sampan then runs on comes by itself) and try again.`,
  );
}

/**
 * The executable comes in npm packages of its own, one a platform, which the lock file holds with their hashes: what runs
 * everything is checked as every other package is. They are optional, because only one of them fits this machine.
 *
 * @param {string} root folder of the checkout
 * @returns {string} path of the Node.js 24 executable that npm installed
 * @throws {SetupError} when npm left it out, as it does without a word for a platform that has none
 */
function installedNode(root) {
  const name = `node-${process.platform}-${process.arch}`;
  const node = resolve(root, "node_modules", name, "bin/node");
  if (existsSync(node)) return node;
  const { optionalDependencies = {} } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
  if (!Object.hasOwn(optionalDependencies, name))
    throw new SetupError(
      `Sampan runs on Linux with an x64 or arm64 processor, and this is ${process.platform} on ${process.arch}.`,
    );
  throw new SetupError(
    `The packages are installed, but Node.js 24 is missing at ${node}: npm left the optional package "${name}" out, ` +
      `as it does when the package could not be downloaded.\n` +
      `Remove the folder ${resolve(root, "node_modules")} and try again; "npm ci --include=optional" in ${root} shows what npm says.`,
  );
}

/**
 * Sets up what is missing, then runs `script` on Node.js 24 in place of this process, as far as a user can tell.
 *
 * @param {string} root folder of the checkout
 * @param {string | undefined} script path relative to `root`; undefined sets up only
 * @param {string[]} scriptArguments
 */
export function bootstrap(root, script, scriptArguments) {
  try {
    assertNodeVersion(process.version);
    ensureInstalled(root);
    const node = installedNode(root);
    if (script === undefined) return;
    const { options = [], environment = {} } = launches[script] ?? {};
    handOver(node, [...options, resolve(root, script), ...scriptArguments], environment);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

/** Folder of the checkout that this file belongs to. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), "..");

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [script, ...scriptArguments] = process.argv.slice(2);
  bootstrap(repositoryRoot, script, scriptArguments);
}
