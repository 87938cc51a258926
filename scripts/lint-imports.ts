/** `npm run lint`: fails with one line a violation when a file under src/ breaks the import rule. */
import { resolve } from "node:path";
import { checkTree, describeViolation } from "./lint-imports/check-tree.ts";

const root = resolve(import.meta.dirname, "..");
const { files, violations } = checkTree(root);
for (const violation of violations) process.stderr.write(`${describeViolation(violation)}\n`);
if (violations.length > 0) {
  process.stderr.write(`The import rule is broken in ${violations.length} place(s). CONTRIBUTING.md explains it.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`The import rule holds in ${files} files.\n`);
}
