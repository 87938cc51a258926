import type { ComponentName, VersionRange } from "./command.ts";
import { covers } from "./command.ts";

/** How many inotify instances one process of a component takes, by version of the executable. */
type InotifyRow = readonly [instances: number, range?: VersionRange];

/**
 * Those before 1.23 are measured (1.20.2: the controller manager watches its folder of FlexVolume plug-ins, and ends
 * where it cannot). Since 1.23 a process watches each file of a certificate or an authority by an instance of its own
 * (kubernetes/kubernetes#104102); these are an estimate by
 * its source and our flags, one for each file and each that signs, and not yet measured.
 */
const instancesNeeded: Readonly<Record<ComponentName, readonly InotifyRow[]>> = {
  etcd: [],
  "kube-apiserver": [[6, { since: "1.23" }]],
  "kube-controller-manager": [
    [1, { before: "1.23" }],
    [8, { since: "1.23" }],
  ],
  "kube-scheduler": [[3, { since: "1.23" }]],
};

/** How many inotify instances the processes of one member take. */
export function memberInotifyInstances(version: string): number {
  const names = Object.keys(instancesNeeded) as ComponentName[];
  return names.reduce((sum, name) => sum + inotifyInstances(name, version), 0);
}

/** How many inotify instances one process of this component takes. `version` is the cluster's, not etcd's own. */
export function inotifyInstances(component: ComponentName, version: string): number {
  return instancesNeeded[component].find(([, range]) => covers(range, version))?.[0] ?? 0;
}
