import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { SetupError } from "./setup-error.mjs";

/**
 * - `--include=dev`: the same tree whatever NODE_ENV says, so that every npm script works.
 * - `--include=optional`: Node.js 24 is an optional package for each platform, of which npm takes the one that fits.
 * - `--engine-strict=false`: the packages run on the Node.js 24 that is being installed, not on the one that installs.
 */
const npmCiArguments = [
  "ci",
  "--include=dev",
  "--include=optional",
  "--engine-strict=false",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

/** npm gives its reason first and the output of a failed install script last: of a long text both ends are shown. */
const shownLinesEachEnd = 12;

/**
 * Runs `npm ci` in `root`, with a line of progress on stderr before and after.
 *
 * @param {string} root folder of the checkout
 * @throws {SetupError} when there is no npm, or with what npm said when it failed
 */
export function npmCi(root) {
  const started = performance.now();
  process.stderr.write("Installing Sampan's packages with npm (once, and again when package-lock.json changes) ...\n");
  const npm = spawnSync("npm", npmCiArguments, {
    cwd: root,
    env: { ...process.env, PATH: withoutOwnBinaries(process.env.PATH ?? "") },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  if (npm.error?.code === "ENOENT") {
    throw new SetupError(
      "npm was not found on PATH. Sampan installs its packages with it: install npm 9 or newer and try again.",
    );
  }
  if (npm.error !== undefined) throw npm.error;
  if (npm.status !== 0) throw new SetupError(failure(npm));
  process.stderr.write(`Installed in ${Math.round((performance.now() - started) / 1000)} s.\n`);
}

/**
 * `npm run` puts node_modules/.bin first, where `node` is the Node.js 24 that the installation is about to replace.
 *
 * @param {string} path value of PATH
 */
function withoutOwnBinaries(path) {
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith("node_modules/.bin"))
    .join(delimiter);
}

/** @param {import("node:child_process").SpawnSyncReturns<string>} npm */
function failure(npm) {
  const ending = npm.signal === null ? `exit code ${npm.status}` : `signal ${npm.signal}`;
  const lines = `${npm.stdout}\n${npm.stderr}`.split("\n").filter((line) => line.trim() !== "");
  return [
    `"npm ci" failed with ${ending}. It said:`,
    ...bothEnds(lines).map((line) => `  ${line}`),
    "Mend what it says (often the network, or npm's registry setting) and try again: the next start installs afresh.",
  ].join("\n");
}

/** @param {string[]} lines */
function bothEnds(lines) {
  if (lines.length <= 2 * shownLinesEachEnd) return lines;
  return [...lines.slice(0, shownLinesEachEnd), "...", ...lines.slice(-shownLinesEachEnd)];
}
