import { writeSync } from "node:fs";

/** Longest wait for a reader that takes nothing more, in milliseconds; what it has no room for is dropped then. */
const patience = 500;

/** Pause between two tries to write, in milliseconds. */
const pause = 5;

/** Writes as `fs.writeSync` does. @returns bytes that were written, perhaps not all */
type WriteSome = (fd: number, bytes: Uint8Array) => number;

/**
 * Writes texts to a file descriptor, in order, and never fails: a log must hold up nothing, least of all a stop. A reader
 * that has gone (a closed terminal or pipe) or a full disk loses lines; the next line is tried again.
 */
export function createOutput(fd: number, write: WriteSome = writeSync): (text: string) => void {
  let isStuck = false;
  return (text) => {
    const giveUpAt = performance.now() + (isStuck ? 0 : patience);
    let rest = Buffer.from(text);
    while (rest.length > 0) {
      try {
        rest = rest.subarray(write(fd, rest));
        isStuck = false;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return;
        isStuck = performance.now() >= giveUpAt;
        if (isStuck) return;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
      }
    }
  };
}
