import type { FastifyRequest } from "fastify";
import {
  createProject,
  ensureRegionProject,
  listProjects,
  ProjectInUseError,
  projectRegion,
  removeProject,
} from "../../../core/accounts/projects.ts";
import { checkedBody, taking } from "../../common/checked-body.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { type IamContext, type IamRoutes, tags } from "../context.ts";
import { iamError, refuseTooMany } from "../errors.ts";
import { filtersQuery, linksOf, matching } from "../lists.ts";
import { routeOf } from "../operations.ts";
import { projectBody } from "./body.ts";
import { toIamProjects } from "./to-wire.ts";

/** The projects of the caller's account. */
export const projectRoutes: IamRoutes = (app, context) => {
  const { core, settings } = context;

  app.route({
    ...routeOf("KeystoneListProjects", { querystring: filtersQuery, tags }),
    handler: async (request) => {
      const { name } = request.query;
      // Clients look up the project of a region before they do anything else.
      if (name !== undefined)
        await ensureRegionProject(core, callerOf(request).accountId, name, settings.inventory).catch(refuseTooMany);
      return { projects: matching(await allOf(context, request), request.query), links: linksOf(request, settings) };
    },
  });

  app.route({
    ...routeOf("KeystoneListAuthProjects", { tags }),
    handler: async (request) => ({ projects: await allOf(context, request), links: linksOf(request, settings) }),
  });

  app.route({
    ...routeOf("KeystoneShowProject", { tags }),
    handler: async (request) => ({ project: await requireProject(context, request, request.params.project_id) }),
  });

  app.route({
    ...routeOf("KeystoneCreateProject", { body: projectBody.schema, tags }),
    ...taking(projectBody),
    handler: async (request, reply) => {
      const { accountId, domainId } = callerOf(request);
      const { project: wanted } = checkedBody(request, projectBody).body;
      if (wanted.domain_id !== undefined && wanted.domain_id !== domainId)
        throw iamError("IAM.Forbidden", {
          reason: "project.domain_id is not the caller's domain; GET /v3/auth/domains shows it.",
        });
      await settleParent(context, request, wanted);
      const project = await createProject(core, accountId, wanted.name).catch(refuseTooMany);
      if (!project) throw iamError("IAM.Conflict", { name: wanted.name });
      reply.code(201);
      return { project: await requireProject(context, request, project.id) };
    },
  });

  app.route({
    ...routeOf("KeystoneDeleteProject", { tags }),
    handler: async (request, reply) => {
      const { project_id: id } = request.params;
      const { project } = callerOf(request);
      if (project !== undefined && project.id !== id)
        throw iamError("IAM.Forbidden", {
          reason: `The token is good for the project ${project.name} alone; use one of the account's, or one of the project ${id}.`,
        });
      const deleted = await removeProject(core, callerOf(request).accountId, id).catch((error: unknown) => {
        throw error instanceof ProjectInUseError ? iamError("IAM.Forbidden", { reason: error.message }) : error;
      });
      if (!deleted) throw iamError("IAM.NotFound", { kind: `project ${id}` });
      return reply.code(204).send();
    },
  });
};

/** Every project of the caller's account, as IAM shows it. */
async function allOf({ core, settings }: IamContext, request: FastifyRequest) {
  const caller = callerOf(request);
  return toIamProjects(await listProjects(core, caller.accountId), caller, addressOf(request, settings));
}

/** The project of that id, as IAM shows it. @throws {ApiError} `IAM.NotFound` */
async function requireProject(context: IamContext, request: FastifyRequest, id: string) {
  const project = (await allOf(context, request)).find((one) => one.id === id);
  if (!project) throw iamError("IAM.NotFound", { kind: `project ${id}` });
  return project;
}

/**
 * Sees to it that a new project has the parent that is wanted: below the account there are the regions' projects, below
 * those their sub-projects, `cn-north-4_test` below `cn-north-4`.
 * @throws {ApiError} `IAM.Forbidden` for another parent
 */
async function settleParent(
  { core, settings }: IamContext,
  request: FastifyRequest,
  { name, parent_id: parentId }: { name: string; parent_id?: string },
): Promise<void> {
  const { accountId, domainId } = callerOf(request);
  const region = projectRegion(name);
  const parent =
    region === name
      ? undefined
      : await ensureRegionProject(core, accountId, region, settings.inventory).catch(refuseTooMany);
  if (parentId === undefined || parentId === domainId || parentId === parent?.id) return;
  const way = parent ? `the project ${region} (${parent.id})` : `the caller's domain (${domainId})`;
  throw iamError("IAM.Forbidden", {
    reason: `project.parent_id ${parentId} can't be the parent of a project ${name}: that is ${way}.`,
  });
}
