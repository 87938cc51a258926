import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ExecutableName, executableNames } from "../distribution.ts";

/** What fake executables say of themselves. */
export interface FakeVersions {
  version: string;
  etcdVersion: string;
}

/** The text of a shell script that answers for its version as the real executable of that name does. For tests. */
export function fakeExecutable(name: ExecutableName, { version, etcdVersion }: FakeVersions): string {
  const answers: Record<ExecutableName, string> = {
    etcd: `etcd Version: ${etcdVersion}\\nGit SHA: none`,
    "kube-apiserver": `Kubernetes v${version}`,
    "kube-controller-manager": `Kubernetes v${version}`,
    "kube-scheduler": `Kubernetes v${version}`,
    kubectl: `Client Version: v${version}\\nKustomize Version: v5.0.4`,
  };
  return `#!/bin/sh\nprintf '${answers[name]}\\n'\n`;
}

/** Writes fake executables into a folder, all or those named, and gives their paths. For tests. */
export function writeFakeExecutables(
  folder: string,
  versions: FakeVersions,
  names: readonly ExecutableName[] = executableNames,
): Record<ExecutableName, string> {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), fakeExecutable(name, versions), { mode: 0o755 });
  return Object.fromEntries(names.map((name) => [name, join(folder, name)])) as Record<ExecutableName, string>;
}
