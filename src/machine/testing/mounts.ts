import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** A file system of a mount namespace of its own: nobody else sees it, and it is gone with its last process. */
export interface PrivateMount {
  /** Where it is, for every process of this user. */
  path: string;
  remove(): Promise<void>;
}

/** What is mounted: a small disk in memory, or a folder for reading only. */
export type MountWish = { disk: { bytes: number }; at: string } | { readOnly: string };

/** Mounts what is wished for; undefined where this machine does not let this user do it. */
export async function mountPrivately(wish: MountWish): Promise<PrivateMount | undefined> {
  const at = "disk" in wish ? wish.at : wish.readOnly;
  const mounting =
    "disk" in wish
      ? [`mount -t tmpfs -o size=${wish.disk.bytes},mode=0700 sampan-test "$1"`]
      : ['mount --bind "$1" "$1"', 'mount -o remount,bind,ro "$1"'];
  const script = `${mounting.join(" && ")} && echo mounted && exec sleep 100000`;
  const holder = spawn("unshare", [...namespaces(), "sh", "-c", script, "sh", at], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (!(await isMounted(holder))) return undefined;
  return {
    path: `/proc/${holder.pid}/root${at}`,
    async remove() {
      holder.kill("SIGKILL");
      await once(holder, "exit");
    },
  };
}

/** Who is not root may mount in a namespace of users, where the machine allows that. */
function namespaces(): string[] {
  return process.getuid?.() === 0 ? ["--mount"] : ["--mount", "--map-root-user"];
}

async function isMounted(holder: ChildProcessByStdio<null, Readable, null>): Promise<boolean> {
  const mounted = once(holder.stdout, "data").then(() => true);
  const failed = new Promise<boolean>((resolve) => {
    for (const event of ["error", "exit"]) holder.once(event, () => resolve(false));
  });
  return Promise.race([mounted, failed]);
}
