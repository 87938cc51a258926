import { createHash, randomBytes } from "node:crypto";
import { chmod, readFile, realpath } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { makeFolder, writeOnce } from "../machine/files.ts";

/** The home folder while this process has it to itself. */
export interface Home {
  /** Absolute path, symbolic links resolved. */
  readonly path: string;
  /** 32 hexadecimal digits, made once: what a shared database knows this home by. */
  readonly id: string;
  /** Lets another process have it. */
  release(): Promise<void>;
}

/** Thrown when another process serves the same home folder. */
export class HomeInUseError extends Error {
  override readonly name = "HomeInUseError";
}

/**
 * Makes the home folder where it is missing (mode 0700) and takes it for this process alone.
 *
 * The lock is a socket in Linux's abstract namespace: the kernel lets one process bind a name, and gives it back when
 * that process ends in whatever way, so that no stale lock can be left by a `kill -9`. Whoever connects is told the
 * holder's process id.
 * @throws {HomeInUseError} when another process has it.
 */
export async function takeHome(folder: string): Promise<Home> {
  await makeFolder(folder, 0o700);
  await chmod(folder, 0o700);
  const path = await realpath(folder);
  const socket = `\0sampan-home-${createHash("sha256").update(path).digest("hex")}`;
  const server = createServer((connection) => connection.on("error", () => connection.destroy()).end(`${process.pid}`));
  if (!(await bind(server, socket))) {
    const holder = await askHolder(socket);
    throw new HomeInUseError(
      `${path} is in use by another Sampan${holder ? ` (process ${holder})` : ""}; stop that one, or set SAMPAN_HOME to another folder.`,
    );
  }
  server.unref();
  return {
    path,
    id: await homeId(path),
    release: () => new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve()))),
  };
}

async function homeId(path: string): Promise<string> {
  const file = join(path, "id");
  await writeOnce(file, `${randomBytes(16).toString("hex")}\n`);
  const id = (await readFile(file, "utf8")).trim();
  if (!/^[0-9a-f]{32}$/.test(id))
    throw new Error(
      `${file} does not hold 32 hexadecimal digits; put the right file back, or start with an empty SAMPAN_HOME.`,
    );
  return id;
}

/** Resolves with false when the name is taken. */
function bind(server: Server, socket: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(false) : reject(error),
    );
    server.listen(socket, () => resolve(true));
  });
}

/** The holder's process id as it says itself; undefined where it does not answer. */
function askHolder(socket: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = "";
    const connection = connect(socket);
    connection.setTimeout(1000, () => connection.destroy());
    connection.on("data", (data) => {
      answer += data;
    });
    connection.on("error", () => connection.destroy());
    connection.on("close", () => resolve(/^\d+$/.test(answer) ? answer : undefined));
  });
}
