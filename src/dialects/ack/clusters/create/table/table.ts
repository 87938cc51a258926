import type { Given, Members, MemberValues } from "../../../../common/parameters/parameter.ts";
import type { Kind } from "../kind.ts";
import { addonParameters } from "./add-ons.ts";
import { apiServerParameters } from "./api-server.ts";
import { clusterParameters } from "./cluster.ts";
import { controlPlaneConfig, masterParameters } from "./masters.ts";
import { networkParameters } from "./network.ts";
import { nodePoolParameters } from "./node-pools.ts";
import { workerParameters } from "./workers.ts";

/**
 * Every parameter of CreateCluster, as the documents of managed and of dedicated clusters have them, and those that newer
 * versions of the API send. Validation, the OpenAPI description and docs/parameters.md are made from it.
 */
export const createClusterParameters = {
  ...clusterParameters,
  ...networkParameters,
  ...apiServerParameters,
  ...addonParameters,
  ...masterParameters,
  ...controlPlaneConfig,
  ...workerParameters,
  ...nodePoolParameters,
} satisfies Members;

/** The parameters in groups, as the documentation shows them. */
export const parameterGroups: readonly { title: string; parameters: Members }[] = [
  { title: "Cluster", parameters: clusterParameters },
  { title: "Network", parameters: networkParameters },
  { title: "API server and tokens", parameters: apiServerParameters },
  { title: "Add-ons", parameters: addonParameters },
  { title: "Masters", parameters: masterParameters },
  { title: "Masters, as newer clients send them", parameters: controlPlaneConfig },
  { title: "Nodes and workers", parameters: workerParameters },
  { title: "Node pools", parameters: nodePoolParameters },
];

/**
 * A body of CreateCluster after its check: texts that stand for numbers and booleans are turned into those, and what is left
 * out has the table's default. An empty text, a 0 outside of the parameter's range, an empty list and an empty object mean
 * "not set" in every member.
 */
export type CreateClusterBody = MemberValues<typeof createClusterParameters>;

/** What a body sets. */
export type GivenBody = Given<typeof createClusterParameters>;

/** One entry of `nodepools`. */
export type NodePoolBody = NonNullable<CreateClusterBody["nodepools"]>[number];

/** The kind of cluster that a `cluster_type` asks for; undefined where none is made of it. */
export const kindOf = (clusterType: unknown): Kind | undefined =>
  clusterType === "ManagedKubernetes" ? "managed" : clusterType === "Kubernetes" ? "dedicated" : undefined;
