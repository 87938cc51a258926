import type { FastifyInstance } from "fastify";
import { findDomain } from "../../../core/accounts/domains.ts";
import {
  createProject,
  ensureRegionProject,
  findProject,
  listProjects,
  type Project,
  projectRegion,
} from "../../../core/accounts/projects.ts";
import { listUsers } from "../../../core/accounts/users.ts";
import { callerOf, type HuaweiCaller } from "../../huawei/caller.ts";
import { addressOf, type IamContext, linksOf } from "../context.ts";
import { iamError, refuseTooMany } from "../errors.ts";
import { routeOf } from "../operations.ts";
import { readNewProject } from "./to-core.ts";

/** Filters of a list; a member that an entry does not have filters nothing. */
type Filters = Readonly<Record<string, unknown>>;

/** Registers the routes that say what there is in the caller's account: projects, domains, regions, users. */
export function projectRoutes(app: FastifyInstance, { core, settings }: IamContext): void {
  const schema = { tags: ["IAM"] };

  app.route<{ Querystring: Filters }>({
    ...routeOf("KeystoneListProjects"),
    schema,
    handler: async (request) => {
      const caller = callerOf(request);
      const { name } = request.query;
      // Clients look up the project of a region before they do anything else.
      if (typeof name === "string")
        await ensureRegionProject(core, caller.accountId, name, settings.inventory).catch(refuseTooMany);
      const projects = (await listProjects(core, caller.accountId)).map((project) =>
        toIamProject(project, caller, addressOf(request)),
      );
      return { projects: matching(projects, request.query), links: linksOf(request) };
    },
  });

  app.route({
    ...routeOf("KeystoneListAuthProjects"),
    schema,
    handler: async (request) => {
      const caller = callerOf(request);
      const projects = await listProjects(core, caller.accountId);
      return {
        projects: projects.map((project) => toIamProject(project, caller, addressOf(request))),
        links: linksOf(request),
      };
    },
  });

  app.route<{ Body: Record<string, unknown> }>({
    ...routeOf("KeystoneCreateProject"),
    schema,
    handler: async (request, reply) => {
      const caller = callerOf(request);
      const { name, domainId, parentId } = readNewProject(request.body);
      if (domainId !== undefined && domainId !== caller.domainId)
        throw iamError("IAM.Forbidden", {
          reason: "project.domain_id is not the caller's domain; GET /v3/auth/domains shows it.",
        });
      if (
        parentId !== undefined &&
        parentId !== caller.domainId &&
        !(await findProject(core, caller.accountId, parentId))
      )
        throw iamError("IAM.Forbidden", {
          reason: "project.parent_id is neither the caller's domain nor a project of it.",
        });
      const project = await createProject(core, caller.accountId, name).catch(refuseTooMany);
      if (!project) throw iamError("IAM.Conflict", { name });
      reply.code(201);
      return { project: toIamProject(project, caller, addressOf(request)) };
    },
  });

  app.route({
    ...routeOf("KeystoneListAuthDomains"),
    schema,
    handler: async (request) => {
      const domain = await findDomain(core, callerOf(request).accountId);
      const links = { self: `${addressOf(request)}/v3/domains/${domain.id}` };
      return { domains: [{ ...domain, enabled: true, description: "", links }], links: linksOf(request) };
    },
  });

  app.route({
    ...routeOf("KeystoneListRegions"),
    schema,
    handler: async (request) => {
      const names = (await listProjects(core, callerOf(request).accountId)).map(({ name }) => projectRegion(name));
      const regions = [...new Set(names)].map((id) => ({
        id,
        type: "public",
        description: "",
        parent_region_id: null,
        locales: { "zh-cn": id, "en-us": id },
        links: { self: `${addressOf(request)}/v3/regions/${id}` },
      }));
      return { regions, links: linksOf(request) };
    },
  });

  app.route<{ Querystring: Filters }>({
    ...routeOf("KeystoneListUsers"),
    schema,
    handler: async (request) => {
      const { accountId, domainId } = callerOf(request);
      const users = (await listUsers(core, accountId)).map(({ id, name }) => ({
        id,
        name,
        domain_id: domainId,
        enabled: true,
        description: "",
        password_expires_at: null,
        links: { self: `${addressOf(request)}/v3/users/${id}` },
      }));
      return { users: matching(users, request.query), links: linksOf(request) };
    },
  });
}

const toIamProject = ({ id, name }: Project, { domainId }: HuaweiCaller, address: string) => ({
  id,
  name,
  domain_id: domainId,
  parent_id: domainId,
  enabled: true,
  is_domain: false,
  description: "",
  links: { self: `${address}/v3/projects/${id}` },
});

/** The entries whose members are as the filters of the same names have them; an empty filter filters nothing. */
const matching = <Entry extends object>(entries: Entry[], filters: Filters): Entry[] =>
  entries.filter((entry) =>
    Object.entries(entry).every(([name, value]) => {
      const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
      return filter === undefined || filter === "" || String(filter) === String(value);
    }),
  );
