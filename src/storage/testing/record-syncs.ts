/**
 * A disk that loses its power, for tests. Loaded into a process before everything else (`node --import
 * record-syncs.ts?record=<folder>`), it keeps of every file and folder what was synced last, and nothing that was only
 * written. `rebuild` makes a folder of that: what a machine would find after the worst loss of power.
 */

import fs, {
  cpSync,
  fstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/** Of a folder that was synced: its names. */
interface Listed {
  name: string;
  /** What tells it from every other, also from a later one at the same place of the disk. */
  key: string;
  isFolder: boolean;
  mode: number;
}

const keyOf = ({ ino, birthtimeMs }: Stats): string => `${ino}-${birthtimeMs}`;

/** Notes down what the file or folder behind a descriptor holds now. */
function note(record: string, descriptor: number): void {
  const path = `/proc/self/fd/${descriptor}`;
  const stat = fstatSync(descriptor);
  const content = stat.isDirectory() ? JSON.stringify(listing(path)) : readFileSync(path);
  const draft = join(record, `${keyOf(stat)}.${process.pid}`);
  writeFileSync(draft, content);
  renameSync(draft, join(record, keyOf(stat)));
}

function listing(folder: string): Listed[] {
  return readdirSync(folder).map((name) => {
    const stat = statSync(join(folder, name));
    return { name, key: keyOf(stat), isFolder: stat.isDirectory(), mode: stat.mode & 0o777 };
  });
}

/**
 * Makes `target` what is left of `folder` after a loss of power.
 * @param survives tells of a path below the folder whether all that was written of it is on the disk, synced or not: the
 *   kernel writes what it likes before it is told to
 */
export function rebuild(
  { record, folder, target }: { record: string; folder: string; target: string },
  survives: (path: string) => boolean = () => false,
): void {
  const restore = (path: string, key: string) => {
    mkdirSync(join(target, path), { recursive: true, mode: 0o700 });
    for (const entry of survives(path) ? listing(join(folder, path)) : recordedListing(record, key)) {
      const below = join(path, entry.name);
      if (entry.isFolder) restore(below, entry.key);
      else if (survives(below)) cpSync(join(folder, below), join(target, below));
      else writeFileSync(join(target, below), recorded(record, entry.key) ?? "", { mode: entry.mode });
    }
  };
  restore("", keyOf(statSync(folder)));
}

function recordedListing(record: string, key: string): Listed[] {
  return JSON.parse(recorded(record, key)?.toString() ?? "[]");
}

/** What was synced last; undefined where nothing ever was. */
function recorded(record: string, key: string): Buffer | undefined {
  try {
    return readFileSync(join(record, key));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Puts itself before every way in which Node.js syncs. */
async function recordInto(record: string): Promise<void> {
  const { fsyncSync, fdatasyncSync } = fs;
  fs.fsyncSync = (descriptor) => {
    note(record, descriptor);
    fsyncSync(descriptor);
  };
  fs.fdatasyncSync = (descriptor) => {
    note(record, descriptor);
    fdatasyncSync(descriptor);
  };
  syncBuiltinESMExports();
  const handle = await open(import.meta.filename);
  const handles = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync, datasync } = handles;
  handles.sync = function recordedSync() {
    note(record, this.fd);
    return sync.call(this);
  };
  handles.datasync = function recordedDatasync() {
    note(record, this.fd);
    return datasync.call(this);
  };
}

const record = new URL(import.meta.url).searchParams.get("record");
if (record !== null) await recordInto(record);
