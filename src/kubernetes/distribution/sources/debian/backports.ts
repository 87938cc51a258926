import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One change of the source: a text that stands in a file once, and what it becomes. */
interface Backport {
  /** Path in the source tree. */
  file: string;
  from: string;
  to: string;
}

/** Fixes of later Kubernetes releases that the built one gets as well. */
const backports: readonly Backport[] = [
  {
    // kubernetes/kubernetes#124113: the allocator of Pod ranges waits ten seconds before it first asks for the nodes, and
    // no other controller starts before it. Without the wait, pods of a new cluster have addresses ten seconds sooner.
    file: "pkg/controller/nodeipam/ipam/cidr_allocator.go",
    from: "wait.Poll(10*time.Second, apiserverStartupGracePeriod,",
    to: "wait.PollImmediate(10*time.Second, apiserverStartupGracePeriod,",
  },
];

/**
 * Makes the changes in an unpacked source tree.
 * @throws {Error} where a file does not read as expected: the source is another one than the changes were made for
 */
export async function applyBackports(tree: string): Promise<void> {
  for (const { file, from, to } of backports) {
    const path = join(tree, file);
    const [before, after, ...others] = (await readFile(path, "utf8")).split(from);
    if (before === undefined || after === undefined || others.length > 0)
      throw new Error(`${file} of the Kubernetes source is not as expected: it should have "${from}" once.`);
    await writeFile(path, before + to + after);
  }
}
