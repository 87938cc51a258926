// @ts-check
/**
 * The program of the process that stands before a cluster's API servers. Its one argument is {@link ForwarderOptions}
 * as JSON. Plain JavaScript, unlike everything else: to have types stripped would cost each cluster 19 MB of memory and
 * a tenth of a second at its start.
 */

import { startForwarder } from "./forwarder.mjs";

/** @typedef {import("./forwarder.mjs").ForwarderOptions} ForwarderOptions */

/** @param {string} line */
const log = (line) => process.stdout.write(`${new Date().toISOString()} ${line}\n`);

try {
  await startForwarder(JSON.parse(process.argv[2] ?? ""), log);
  log("The forwarder listens.");
} catch (error) {
  log(`It cannot listen. ${/** @type {Error} */ (error).message}`);
  process.exitCode = 1;
}
