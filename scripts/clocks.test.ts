import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/**
 * The files that may read the wall clock as a number, each with what for: a moment that others are told, or have told.
 * How long something takes or may take is measured by `performance.now()`, which nobody can set.
 */
const wallClock: Readonly<Record<string, string>> = {
  "src/dialects/cce/clusters/certificate-body.ts": "a client says until when its certificate is to be valid",
  "src/kubernetes/pki/certificates.ts": "certificates say from when until when they are valid",
  "src/machine/lock.ts": "a file says when it was written: one of a minute ago is nobody's any more",
  "src/nodes/pod-keeper.ts": "the API says when a pod's containers started",
  "src/substrates/local/network/networks.ts": "a claim says when it was made, to whoever reads it after a reboot",
};

test("no wait and no deadline follows the wall clock, which can be set", () => {
  const files = globSync("{src,bench,scripts,examples}/**/*.{ts,mjs}", { cwd: root }).filter(
    (file) => !file.endsWith(".test.ts"),
  );
  const reading = files.filter((file) => readFileSync(join(root, file), "utf8").includes("Date.now()"));
  expect(reading.filter((file) => !Object.hasOwn(wallClock, file))).toEqual([]);
});
