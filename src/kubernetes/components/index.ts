import type { ComponentBuilder, ComponentName } from "./command.ts";
import { etcd } from "./etcd.ts";
import { kubeApiserver } from "./kube-apiserver.ts";
import { kubeControllerManager } from "./kube-controller-manager.ts";
import { kubeScheduler } from "./kube-scheduler.ts";

/** The builders of a member's components, in the order in which they start. */
export const componentBuilders: Record<ComponentName, ComponentBuilder> = {
  etcd,
  "kube-apiserver": kubeApiserver,
  "kube-controller-manager": kubeControllerManager,
  "kube-scheduler": kubeScheduler,
};
