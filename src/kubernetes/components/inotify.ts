import type { ComponentName, VersionRange } from "./command.ts";
import { covers } from "./command.ts";

/** How many inotify instances one process of a component takes, by version of the executable. */
type InotifyRow = readonly [instances: number, range?: VersionRange];

/**
 * Measured with 1.20.2, whose controller manager watches its folder of FlexVolume plug-ins, and ends where it cannot, and
 * with 1.37.2: since 1.23 a process watches each file of a certificate or an authority by an instance of its own
 * (kubernetes/kubernetes#104102). A controller manager takes 3 of its 8 while another one leads.
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
