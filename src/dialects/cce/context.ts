import type { FastifyRequest } from "fastify";
import type { Project } from "../../core/accounts/projects.ts";
import { isUsable } from "../../core/clusters/cluster.ts";
import { findCluster, type SizedCluster } from "../../core/clusters/clusters.ts";
import type { ClusterObserver } from "../../core/clusters/observer.ts";
import { isInProject } from "../../core/clusters/projects.ts";
import type { Core } from "../../core/core.ts";
import type { Routes } from "../common/dialect.ts";
import type { AddressSettings } from "../huawei/address.ts";
import { callerOf } from "../huawei/caller.ts";
import { phaseOf } from "./clusters/to-wire.ts";
import { cceError } from "./errors.ts";
import { fromUuid, toUuid } from "./ids.ts";
import { projectOf } from "./project-of-path.ts";

/** What the routes of the dialect work with. */
export interface CceContext {
  core: Core;
  observer: ClusterObserver;
  settings: CceSettings;
  /** The version that a cluster runs for which none is asked; undefined where none is installed yet. */
  newestVersion(): Promise<string | undefined>;
  /** The current time; the machine's where it is left out. */
  now?(): Date;
}

/** How requests are read where the documents leave it open. */
export interface CceSettings extends AddressSettings {
  /** `strict` refuses fields that are not known. */
  validation: "lenient" | "strict";
  /** `strict` refuses networks that are not known, and ranges that overlap another cluster's. */
  inventory: "implicit" | "strict";
}

/** Registers part of the dialect's routes. */
export type CceRoutes = Routes<CceContext>;

/** The parameters of paths in a project. */
export interface ProjectParams {
  project_id: string;
}

/** The parameters of paths of one cluster. */
export interface ClusterParams extends ProjectParams {
  cluster_id: string;
}

/**
 * The project that a request's path names.
 * @throws {ApiError} where the caller may not work in it
 */
export const requireProject = (
  { core }: CceContext,
  request: FastifyRequest<{ Params: ProjectParams }>,
): Promise<Project> => projectOf(core, callerOf(request), request.params.project_id);

/**
 * The cluster that a request's path names.
 * @throws {ApiError} `CCE.01404001` where there is none in the project, and as {@link requireProject}
 */
export async function requireCluster(
  context: CceContext,
  request: FastifyRequest<{ Params: ClusterParams }>,
): Promise<SizedCluster> {
  const { accountId, id: projectId } = await requireProject(context, request);
  const id = fromUuid(request.params.cluster_id);
  const cluster = id === undefined ? undefined : await findCluster(context.core, accountId, id);
  if (cluster && (await isInProject(context.core, cluster, projectId))) return cluster;
  throw notFound("cluster", request.params.cluster_id);
}

/** The error for what is not there, or is another project's. */
export const notFound = (kind: string, id: string) => cceError("CCE.01404001", { kind, id });

/**
 * The cluster, where it can be used and changed.
 * @param operation for the message
 * @throws {ApiError} while it is being made or removed, and where that failed
 */
export function requireUsable<Kept extends Pick<SizedCluster, "id" | "state">>(cluster: Kept, operation: string): Kept {
  if (isUsable(cluster)) return cluster;
  const phase = phaseOf(cluster.state, { isReady: true, showErrors: true });
  throw cceError("CCE.01400001", {
    reason: `The cluster ${toUuid(cluster.id)} is ${phase}, which does not allow ${operation}. Only an available cluster does.`,
  });
}
