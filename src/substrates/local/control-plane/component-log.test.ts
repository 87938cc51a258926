import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boundLog, lastWords, rotateLog } from "./component-log.ts";

const oversized = 16 * 1024 * 1024 + 1;
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sampan-log-"));
  path = join(folder, "etcd.log");
});
afterEach(() => rm(folder, { recursive: true }));

describe.each([
  ["before a start", rotateLog],
  ["while the component runs", boundLog],
])("%s", (_, limit) => {
  test("a log of tolerable size stays as it is", async () => {
    writeFileSync(path, "");
    truncateSync(path, oversized - 1);
    await limit(path);
    expect(statSync(path).size).toBe(oversized - 1);
    expect(existsSync(`${path}.1`)).toBe(false);
  });

  test("an oversized log is put aside in place of the one before", async () => {
    writeFileSync(`${path}.1`, "older");
    writeFileSync(path, "newer");
    truncateSync(path, oversized);
    await limit(path);
    expect(readFileSync(`${path}.1`).subarray(0, 5).toString()).toBe("newer");
    expect(existsSync(path) ? statSync(path).size : 0).toBe(0);
  });

  test("no log is no problem", async () => {
    await expect(limit(path)).resolves.toBeUndefined();
  });
});

test("a running component's log that cannot be put aside is emptied all the same, and the reason told", async () => {
  writeFileSync(path, "");
  truncateSync(path, oversized);
  mkdirSync(`${path}.1`);
  await expect(boundLog(path)).rejects.toThrow(
    /^The log .*etcd\.log was emptied without a copy, since .*(EISDIR|EEXIST)/,
  );
  expect(statSync(path).size).toBe(0);
});

test("a running component's next line is the first of the emptied log", async () => {
  const open = openSync(path, "a");
  truncateSync(path, oversized);
  await boundLog(path);
  writeSync(open, "next\n");
  closeSync(open);
  expect(readFileSync(path, "utf8")).toBe("next\n");
});

describe("a component's last words", () => {
  test.each([
    [
      "klog's fatal line",
      ["I0101 starting", "F0101 12:00:00.0 1 main.go:1] no etcd", "goroutine 1 [running]:"],
      "F0101 12:00:00.0 1 main.go:1] no etcd",
    ],
    [
      "a bad flag",
      ["Error: unknown flag: --porf", "Usage:", "  kube-apiserver [flags]"],
      "Error: unknown flag: --porf",
    ],
    ["a panic", ["I0101 fine", "panic: nil map", "goroutine 7"], "panic: nil map"],
    [
      "etcd's fatal line",
      ['{"level":"info"}', '{"level":"fatal","msg":"disk full"}', ""],
      '{"level":"fatal","msg":"disk full"}',
    ],
    ["the last of two errors", ["Error: one", "Error: two", "bye"], "Error: two"],
    ["without any, the last line", ["one", "two", "", "  "], "two"],
    ["of an empty log, none", [""], ""],
  ])("%s", async (_, lines, expected) => {
    writeFileSync(path, lines.join("\n"));
    expect(await lastWords(path)).toBe(expected);
  });

  test("are none where there is no log", async () => {
    expect(await lastWords(path)).toBe("");
  });

  test("are looked for at the end of a long log, and cut to a length that can be shown", async () => {
    appendFileSync(path, `Error: early\n${"x".repeat(100_000)}\n`);
    expect(await lastWords(path)).toBe("x".repeat(400));
  });
});
