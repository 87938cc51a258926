import { constants, copyFile, open, rename, stat, truncate } from "node:fs/promises";
import { reasonOf } from "./shortage.ts";

/** Size above which a log is put aside as `<name>.1`, replacing the one before: two such files a component at most. */
const limitBytes = 16 * 1024 * 1024;
const tailBytes = 16 * 1024;
const lastWordsLength = 400;

/**
 * Puts an oversized log aside before a component is started.
 * @throws {Error} where it stays as it is. The component can be started all the same.
 */
export async function rotateLog(path: string): Promise<void> {
  if (!(await isOversized(path))) return;
  await rename(path, `${path}.1`).catch((error: unknown) => {
    throw new Error(`The log ${path} cannot be put aside: ${reasonOf(error)}.`, { cause: error });
  });
}

/**
 * Puts an oversized log aside while its component runs. The component goes on writing to the same file, which it has
 * open for appending; lines that it writes between copy and truncation are lost, which a log can bear.
 *
 * @throws {Error} where the log could not be kept; it is emptied all the same, since a full disk is the usual reason.
 */
export async function boundLog(path: string): Promise<void> {
  if (!(await isOversized(path))) return;
  const problem = await copyFile(path, `${path}.1`, constants.COPYFILE_FICLONE).then(() => undefined, reasonOf);
  await truncate(path, 0).catch((error: unknown) => {
    throw new Error(`The log ${path} cannot be emptied, and goes on growing: ${reasonOf(error)}.`, { cause: error });
  });
  if (problem === undefined) return;
  throw new Error(`The log ${path} was emptied without a copy, since it cannot be put aside: ${problem}.`);
}

async function isOversized(path: string): Promise<boolean> {
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  return size > limitBytes;
}

/**
 * Why a component ended, as far as its log tells: the last line that is an error, or else the last line. Empty where
 * there is none.
 */
export async function lastWords(path: string): Promise<string> {
  const lines = (await tail(path)).split("\n").filter((line) => line.trim() !== "");
  const error = lines.findLast((line) => errorLine.test(line));
  return (error ?? lines.at(-1) ?? "").trim().slice(0, lastWordsLength);
}

/** klog's fatal lines and errors, cobra's, etcd's in JSON, and Go's panics. */
const errorLine = /^(F\d{4} |Error: |panic: |fatal error: )|"level":"(fatal|panic)"/;

async function tail(path: string): Promise<string> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString("utf8");
  } catch {
    return "";
  }
}
