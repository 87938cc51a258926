import { readdir, readFile, readlink } from "node:fs/promises";

const listening = "0A";

/**
 * The addresses on which a process accepts TCP connections, from `/proc`. IPv6 addresses come as their hexadecimal
 * digits. For tests.
 */
export async function listeningAddresses(pid: number): Promise<string[]> {
  const inodes = await socketInodes(pid);
  const tables = await Promise.all(["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")));
  const rows = tables.flatMap((table) => table.trim().split("\n").slice(1)).map((row) => row.trim().split(/\s+/));
  return rows
    .filter(([, , , state, , , , , , inode]) => state === listening && inodes.has(inode ?? ""))
    .map(([, local]) => readAddress(local ?? ""));
}

async function socketInodes(pid: number): Promise<Set<string>> {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => "")));
  return new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ""));
}

/** IPv4 addresses stand there as a little-endian number: `0B01407F:1920` is 127.64.1.11, port 6432. */
function readAddress(local: string): string {
  const [digits = ""] = local.split(":");
  if (digits.length !== 8) return digits;
  return Buffer.from(digits, "hex").reverse().join(".");
}
