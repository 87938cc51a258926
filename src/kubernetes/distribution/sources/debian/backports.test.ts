import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyBackports } from "./backports.ts";

let tree: string;
let allocator: string;
beforeEach(async () => {
  tree = await mkdtemp(join(tmpdir(), "sampan-backports-"));
  allocator = join(tree, "pkg/controller/nodeipam/ipam/cidr_allocator.go");
  await mkdir(dirname(allocator), { recursive: true });
});
afterEach(() => rm(tree, { recursive: true }));

describe("the changes of the Kubernetes source", () => {
  it("let the allocator of Pod ranges ask at once", async () => {
    await writeFile(
      allocator,
      "if e := wait.Poll(10*time.Second, apiserverStartupGracePeriod, func() {\n}); e != nil {\n",
    );
    await applyBackports(tree);
    expect(await readFile(allocator, "utf8")).toBe(
      "if e := wait.PollImmediate(10*time.Second, apiserverStartupGracePeriod, func() {\n}); e != nil {\n",
    );
  });

  it("are not made in a source that reads otherwise", async () => {
    await writeFile(allocator, "package ipam\n");
    await expect(applyBackports(tree)).rejects.toThrow("cidr_allocator.go of the Kubernetes source is not as expected");
    expect(await readFile(allocator, "utf8")).toBe("package ipam\n");
  });
});
