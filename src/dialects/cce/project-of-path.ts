import { findProject, type Project } from "../../core/accounts/projects.ts";
import type { Core } from "../../core/core.ts";
import type { HuaweiCaller } from "../huawei/caller.ts";
import { cceError } from "./errors.ts";

/** What SDKs leave in the path when nobody told them a project, as it is and encoded once more. */
const placeholders: readonly string[] = ["{project_id}", "%7Bproject_id%7D"];

/**
 * The project that a path names, where the caller may work in it.
 * @throws {ApiError} `CCE.01403001` where it may not, whether there is such a project or not; `CCE.01400001` for a
 *   placeholder, and where the header `X-Project-Id` names another one
 */
export async function projectOf(core: Core, caller: HuaweiCaller, pathProjectId: string): Promise<Project> {
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
