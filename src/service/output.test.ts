import { describe, expect, it, vi } from "vitest";
import { createOutput } from "./output.ts";

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A descriptor of which each attempt to write does what it is told, and then takes everything. */
function descriptor(...attempts: (number | string)[]) {
  let taken = "";
  const write = vi.fn((_fd: number, bytes: Uint8Array) => {
    const next = attempts.shift() ?? bytes.length;
    if (typeof next === "string") throw failure(next);
    taken += Buffer.from(bytes.subarray(0, next)).toString();
    return next;
  });
  return { output: createOutput(1, write), write, taken: () => taken };
}

describe("the output", () => {
  it.each([
    ["what is taken in pieces", [3, 1], "line 1\nline 2\n"],
    ["what is taken after a while", ["EAGAIN", 2, "EAGAIN", "EAGAIN"], "line 1\nline 2\n"],
    ["no line that a closed pipe did not take", ["EPIPE"], "line 2\n"],
    ["no line that a closed terminal did not take", ["EIO", "EIO"], ""],
    ["no line for which the disk had no room", ["ENOSPC"], "line 2\n"],
  ])("has %s", (_what, attempts, expected) => {
    const { output, taken } = descriptor(...attempts);
    output("line 1\n");
    output("line 2\n");
    expect(taken()).toBe(expected);
  });

  it("waits once for a reader that takes nothing more, and not again for each line", () => {
    const { output, write } = descriptor(...Array.from({ length: 10_000 }, () => "EAGAIN"));
    output("line 1\n");
    write.mockClear();
    output("line 2\n");
    output("line 3\n");
    expect(write).toHaveBeenCalledTimes(2);
  });
});
