import type { FastifyRequest } from "fastify";
import { findCluster, type SizedCluster } from "../../core/clusters/clusters.ts";
import type { ClusterObserver } from "../../core/clusters/observer.ts";
import type { Core } from "../../core/core.ts";
import type { Routes } from "../common/dialect.ts";
import { fromAckClusterId } from "./clusters/to-wire.ts";
import { ackError } from "./errors.ts";

/** What the routes of the dialect work with. */
export interface AckContext {
  core: Core;
  observer: ClusterObserver;
  settings: AckSettings;
  /**
   * The Kubernetes version that a cluster of each of the requested ones (`x.y.z` or `x.y`) would run here, leaving out those
   * for which nothing is installed yet. Undefined where that cannot be known.
   */
  runningVersions?(requested: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** How requests are read where the documents leave it open or contradict themselves. */
export interface AckSettings {
  /** `strict` refuses fields that are not known. */
  validation: "lenient" | "strict";
  /** `strict` refuses networks that are not known, and ranges that overlap another cluster's. */
  inventory: "implicit" | "strict";
  /** Whether `disable_rollback: true` rolls back, as the documents' text says, or does not, as its name does. */
  disableRollbackMeaning: "text" | "name";
}

/** The parameters of paths of one cluster. */
export interface ClusterParams {
  ClusterId: string;
}

/**
 * The cluster that a request's path names.
 * @throws {ApiError} `ErrorClusterNotFound` where the caller has no such cluster
 */
export async function requireCluster(
  { core }: AckContext,
  request: FastifyRequest<{ Params: ClusterParams }>,
): Promise<SizedCluster> {
  const { ClusterId: clusterId } = request.params;
  const id = fromAckClusterId(clusterId);
  const cluster = id === undefined ? undefined : await findCluster(core, request.caller.accountId, id);
  if (!cluster) throw ackError("ErrorClusterNotFound", { clusterId });
  return cluster;
}

/** Registers part of the dialect's routes. */
export type AckRoutes = Routes<AckContext>;
