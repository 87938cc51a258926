import { randomUUID } from "node:crypto";
import { randomLettersAndDigits } from "../../ids.ts";
import type { Cloud } from "../cloud.ts";

/** An instance that was there before keeps its own name, which is its id here; others are named by cluster and order. */
export const instanceName: Cloud["instanceName"] = (cluster, spec, node) => {
  if (node.existing && spec.keepInstanceNames) return node.instanceId;
  return `${spec.role === "worker" ? "worker" : "master"}-k8s-for-cs-c${cluster.id}-${node.ordinal}`;
};

/** What it is and 20 letters and digits, e.g. `lb-` of a load balancer; a stack has a UUID. */
export const newResourceId: Cloud["newResourceId"] = (prefix) =>
  prefix === "stack" ? randomUUID() : `${prefix}-${randomLettersAndDigits(20)}`;
