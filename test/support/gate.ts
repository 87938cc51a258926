import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { execa } from "execa";

/** A named pipe that stops whoever opens it for reading, as long as it is closed. */
export interface Gate {
  readonly path: string;
  /** Lets go on who waits, and lets through who comes. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a closed gate. Open it before the end of the test: whoever waits there waits for ever. */
export async function createGate(path: string): Promise<Gate> {
  await execa("mkfifo", ["-m", "600", path]);
  let handle: FileHandle | undefined;
  return {
    path,
    async open() {
      // The kernel lets readers open a pipe while anyone has it open for writing.
      handle ??= await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
