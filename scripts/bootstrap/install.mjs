import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SetupError } from "./setup-error.mjs";
import { isStamped } from "./stamp.mjs";

const lockedInstall = fileURLToPath(new URL("./locked-install.mjs", import.meta.url));
/** `flock -n` exits so when another process holds the lock; locked-install.mjs never does. */
const lockIsHeld = 1;

/**
 * Installs the packages unless exactly those of the lock file are there. Safe when several processes do so at once:
 * one installs, the others wait and find it done.
 *
 * The kernel's lock on package-lock.json (flock) is held by the installing process and inherited by npm. It ends with
 * the last of them, however they die, so no stale lock has to be told from a live one. Where there is no `flock`
 * command (macOS), the installation goes without.
 *
 * @param {string} root folder of the checkout
 * @throws {SetupError} when the installation failed; the installing process has said why
 */
export function ensureInstalled(root) {
  if (isStamped(root)) return;
  const install = [process.execPath, lockedInstall, root];
  const lockFile = join(root, "package-lock.json");
  let result = run("flock", ["-n", lockFile, ...install]);
  if (result.error?.code === "ENOENT") result = run(install[0], install.slice(1));
  if (result.status === lockIsHeld) {
    process.stderr.write("Another process is installing the packages: waiting for it.\n");
    result = run("flock", [lockFile, ...install]);
  }
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) throw new SetupError("Sampan could not set itself up.");
}

/**
 * @param {string} command
 * @param {string[]} args
 */
function run(command, args) {
  return spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
}
