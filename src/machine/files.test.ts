import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readIfThere, removeTree, writeFileAtomically } from "./files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sampan-files-"));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([{ durable: true }, { durable: false }])(
  "a file is replaced whole, with the mode asked for: %o",
  async (options) => {
    const path = join(folder, "file");
    writeFileSync(path, "a much longer old content", { mode: 0o644 });
    await writeFileAtomically(path, "new", { mode: 0o600, ...options });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["file"]);
  },
);

test("a write that fails leaves nothing behind", async () => {
  mkdirSync(join(folder, "taken"));
  await expect(writeFileAtomically(join(folder, "taken"), "new", { mode: 0o600 })).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("a missing file reads as undefined, an unreadable one is an error", async () => {
  expect(await readIfThere(join(folder, "missing"))).toBeUndefined();
  await expect(readIfThere(folder)).rejects.toThrow("EISDIR");
});

test.each(["tree", "file", "missing", "file/below"])("%s is removed, where it is there", async (name) => {
  mkdirSync(join(folder, "tree", "deep"), { recursive: true });
  writeFileSync(join(folder, "file"), "");
  await removeTree(join(folder, name));
  expect(readdirSync(folder)).toEqual(["file", "tree"].filter((kept) => kept !== name));
});
