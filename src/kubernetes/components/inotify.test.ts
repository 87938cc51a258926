import { expect, test } from "vitest";
import { inotifyInstances } from "./inotify.ts";

test.each([
  ["1.20.2", { etcd: 0, "kube-apiserver": 0, "kube-controller-manager": 1, "kube-scheduler": 0 }],
  ["1.22.17", { etcd: 0, "kube-apiserver": 0, "kube-controller-manager": 1, "kube-scheduler": 0 }],
  ["1.23.0", { etcd: 0, "kube-apiserver": 6, "kube-controller-manager": 8, "kube-scheduler": 3 }],
] as const)("the inotify instances of a control plane's processes of %s", (version, expected) => {
  const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
  expect(Object.fromEntries(names.map((name) => [name, inotifyInstances(name, version)]))).toEqual(expected);
});
