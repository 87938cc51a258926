import { closeSync, fdatasyncSync, fstatSync, fsyncSync, openSync } from "node:fs";
import { dirname, join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { flushTree } from "../machine/files.ts";

/** The parts of Emscripten's file system of real files that are used here. */
interface NodeFiles {
  realPath(node: FileNode): string;
  tryFSOperation<T>(operation: () => T): T;
  node_ops: {
    mknod(folder: FileNode, name: string, mode: number, device: number): FileNode;
    rename(node: FileNode, folder: FileNode, name: string): void;
    setattr(node: FileNode, attributes: unknown): void;
  };
  stream_ops: {
    write(stream: FileStream, ...rest: unknown[]): number;
    setattr(stream: FileStream, attributes: unknown): void;
    fsync?(stream: FileStream): number;
  };
}
interface FileNode {
  mode: number;
}
interface FileStream {
  /** Descriptor of the real file or folder. */
  nfd: number;
  node: FileNode;
}

/**
 * The real folder that PGlite keeps a database in, for one that outlives a loss of power. PGlite's own passes no fsync
 * on to the disk, since Emscripten's file system has none. Here PostgreSQL's fsync is the kernel's, and the name of a file
 * that was made or renamed is on the disk before anything is that was synced later. So all of PostgreSQL's own rules hold
 * that rest on fsync: the log before the data, checkpoints before the log is cut.
 */
class DurableFiles extends NodeFS {
  override async init(...given: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const { emscriptenOpts } = await super.init(...given);
    // Each database has a NODEFS of its own.
    const makeDurable = (module: unknown) => passSyncOn((module as { NODEFS: NodeFiles }).NODEFS);
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), makeDurable] } };
  }
}

/**
 * Has fsync reach the disk. What was not touched since the database was opened is there already: after a crash PostgreSQL
 * syncs every file, a thousand, one after the other, which {@link openDurably} has done faster.
 */
function passSyncOn(files: NodeFiles): void {
  const { mknod, rename, setattr } = files.node_ops;
  const { write, setattr: setOpenAttributes } = files.stream_ops;
  /** Paths of files and folders that were changed at any time since the database was opened. */
  const touched = new Set<string>();
  /** Folders with new names in them that are not on the disk yet. */
  const unsynced = new Set<string>();
  const touch = (node: FileNode) => touched.add(files.realPath(node));
  const nameIn = (folder: FileNode, name: string) => {
    const path = files.realPath(folder);
    unsynced.add(path);
    touched.add(path).add(join(path, name));
  };

  files.node_ops.mknod = (folder, name, mode, device) => {
    nameIn(folder, name);
    return mknod(folder, name, mode, device);
  };
  files.node_ops.rename = (node, folder, name) => {
    touched.add(dirname(files.realPath(node)));
    nameIn(folder, name);
    rename(node, folder, name);
  };
  files.node_ops.setattr = (node, attributes) => {
    touch(node);
    setattr(node, attributes);
  };
  files.stream_ops.setattr = (stream, attributes) => {
    touch(stream.node);
    setOpenAttributes(stream, attributes);
  };
  files.stream_ops.write = (stream, ...rest) => {
    touch(stream.node);
    return write(stream, ...rest);
  };
  files.stream_ops.fsync = ({ nfd, node }) => {
    files.tryFSOperation(() => {
      for (const folder of unsynced) syncFolder(folder);
      unsynced.clear();
      if (touched.has(files.realPath(node))) sync(nfd);
    });
    return 0;
  };
}

/** A folder takes nothing but fsync. Of a file's metadata fdatasync leaves out the times only, which PostgreSQL does not read. */
function sync(descriptor: number): void {
  if (fstatSync(descriptor).isDirectory()) fsyncSync(descriptor);
  else fdatasyncSync(descriptor);
}

/** Does nothing where the folder has been removed since: then its names are of no matter. */
function syncFolder(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * PGlite's own, without `-F`, which switches fsync off.
 *
 * The log is written in the one way that calls fsync: what PostgreSQL would choose, fdatasync, is a call that Emscripten
 * answers without doing anything. The buffers, 128 MB without a word, are all resident from the start, since Emscripten
 * clears what it maps; the kernel's own cache of the files is behind them.
 */
const startParameters = [
  ...PGlite.defaultStartParams.filter((one) => one !== "-F"),
  ...["-c", "wal_sync_method=fsync"],
  ...["-c", "shared_buffers=16MB"],
];

/**
 * Opens an embedded database so that what it acknowledges is on the disk.
 * @throws whatever PGlite throws where the folder cannot be opened
 */
export async function openDurably(folder: string): Promise<PGlite> {
  // What an earlier process wrote and was killed before it synced: PostgreSQL takes it for durable once it has read it.
  await flushTree(folder);
  return PGlite.create({ fs: new DurableFiles(folder), dataDir: folder, startParams: startParameters });
}
