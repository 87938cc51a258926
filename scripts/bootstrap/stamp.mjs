import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const stampFile = "node_modules/.sampan-stamp";

/**
 * Fingerprint of everything that decides what `npm ci` leaves in node_modules: the lock file, the packages whose
 * install scripts may run, and the platform that their binaries are for.
 *
 * @param {string} root folder of the checkout
 * @returns {string} 64 hexadecimal digits
 */
function fingerprint(root) {
  const { allowScripts = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .update(JSON.stringify([allowScripts, process.platform, process.arch]))
    .digest("hex");
}

/**
 * @param {string} root folder of the checkout
 * @returns {boolean} whether a complete installation of exactly this lock file is there
 */
export function isStamped(root) {
  try {
    return readFileSync(join(root, stampFile), "utf8") === fingerprint(root);
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
    throw error;
  }
}

/**
 * Marks the installation as complete. `npm ci` empties node_modules before anything else, and so takes the mark away.
 *
 * @param {string} root folder of the checkout
 */
export function stamp(root) {
  writeFileSync(join(root, stampFile), fingerprint(root));
}
