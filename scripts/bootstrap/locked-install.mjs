/**
 * Installs the packages of the checkout named by the first argument, while its parent `flock` holds the lock.
 * A process of its own so that the lock lives as long as the installation, not as long as who asked for it.
 */

import { npmCi } from "./npm-ci.mjs";
import { SetupError } from "./setup-error.mjs";
import { isStamped, stamp } from "./stamp.mjs";

/** Not 1, by which `flock` says that another process holds the lock. */
const failed = 3;

const root = process.argv[2];
try {
  if (!isStamped(root)) {
    npmCi(root);
    stamp(root);
  }
} catch (error) {
  process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
  process.exitCode = failed;
}
