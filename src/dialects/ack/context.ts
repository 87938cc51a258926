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

/**
 * The cluster that a request names.
 * @throws {ApiError} `ErrorClusterNotFound` where the caller has no such cluster
 */
export async function requireCluster(
  { core }: AckContext,
  request: FastifyRequest,
  clusterId: string,
): Promise<SizedCluster> {
  const id = fromAckClusterId(clusterId);
  const cluster = id === undefined ? undefined : await findCluster(core, request.caller.accountId, id);
  if (!cluster) throw ackError("ErrorClusterNotFound", { clusterId });
  return cluster;
}

/** The page that a list was asked for, as the vendor counts: from 1. */
export function page(number: string | undefined, size: string | undefined, usualSize: number) {
  const pageNumber = Number(number || 1);
  const pageSize = Number(size || usualSize);
  return { page_number: pageNumber, page_size: pageSize, offset: (pageNumber - 1) * pageSize, limit: pageSize };
}

/** Registers part of the dialect's routes. */
export type AckRoutes = Routes<AckContext>;
