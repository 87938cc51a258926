import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scanProcesses } from "../control-plane/process-scan.ts";
import { killProcess, type ProcessSpec } from "../control-plane/processes.ts";

/** A folder that stands for a cluster's, and small programs that stand for its components. */
export interface SmallCluster {
  folder: string;
  /** A component that runs `script` in a shell. */
  shell(name: string, script: string): ProcessSpec;
  /** Ends whatever runs for the cluster and removes the folder. */
  remove(): Promise<void>;
}

const timing = { stopGrace: 0, killDeadline: 10_000 };

/** Makes the folder, in one for temporary files, or in another one that is empty. */
export async function createSmallCluster(empty?: string): Promise<SmallCluster> {
  const folder = empty ?? (await realpath(await mkdtemp(join(tmpdir(), "sampan-cluster-"))));
  await mkdir(join(folder, "member-1"));
  return {
    folder,
    shell: (name, script) => ({
      name: `member-1/${name}`,
      folder,
      executable: "/bin/sh",
      args: ["-c", script],
      env: { PATH: "/usr/bin:/bin" },
      logFile: join(folder, "member-1", `${name}.log`),
      pidFile: join(folder, "member-1", `${name}.pid`),
    }),
    async remove() {
      const left = await scanProcesses(folder);
      await Promise.all(left.map(({ identity }) => killProcess(identity, timing)));
      await rm(empty === undefined ? folder : join(folder, "member-1"), { recursive: true });
    },
  };
}
