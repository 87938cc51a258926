import type { FastifyRequest } from "fastify";
import { findProject, type Project } from "../../core/accounts/projects.ts";
import type { Core } from "../../core/core.ts";
import type { Caller } from "../common/vocabulary.ts";
import { cceError } from "./errors.ts";

/** Who sent a request to the CCE dialect. */
export interface CceCaller extends Caller {
  /** Huawei Cloud's id of the account. */
  domainId: string;
  /** The user whose token came with the request; undefined where it was signed. */
  userId: string | undefined;
  /** The key that the request was signed with; undefined where it came with a token. */
  accessKeyId: string | undefined;
  /** The project that the token is good for; undefined for a token of the account as a whole and for a signature. */
  project: { id: string; name: string } | undefined;
  /** The header `X-Project-Id` as it was sent, which is no more than a wish; undefined where it was not. */
  wishedProjectId: string | undefined;
}

/** Who sent a request behind the border of the CCE dialect. */
export const callerOf = (request: FastifyRequest): CceCaller => request.caller as CceCaller;

/** What SDKs leave in the path when nobody told them a project, as it is and encoded once more. */
const placeholders: readonly string[] = ["{project_id}", "%7Bproject_id%7D"];

/**
 * The project that a path names, where the caller may work in it.
 * @throws ApiError `CCE.01403001` where it may not, whether there is such a project or not; `CCE.01400001` for a
 *   placeholder, and where the header `X-Project-Id` names another one
 */
export async function projectOf(core: Core, caller: CceCaller, pathProjectId: string): Promise<Project> {
  if (placeholders.includes(pathProjectId))
    throw cceError("CCE.01400001", {
      reason:
        "The path has the placeholder {project_id} in place of a project id. Give the client a project id, or a region and " +
        "this service's address as that of IAM, so that it can look the id up.",
    });
  if (caller.wishedProjectId !== undefined && caller.wishedProjectId !== pathProjectId)
    throw cceError("CCE.01400001", {
      reason:
        "The header X-Project-Id and the path name different projects. Send the path's project, or no such header.",
    });
  const isOwn = caller.accessKeyId !== undefined || caller.project?.id === pathProjectId;
  const isId = /^[0-9a-f]{32}$/.test(pathProjectId);
  const project = isOwn && isId ? await findProject(core, caller.accountId, pathProjectId) : undefined;
  if (!project) throw cceError("CCE.01403001", { projectId: pathProjectId });
  return project;
}
