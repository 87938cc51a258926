import type { FastifyRequest } from "fastify";
import { listProjects, projectRegion } from "../../../core/accounts/projects.ts";
import type { Core } from "../../../core/core.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { type IamRoutes, tags } from "../context.ts";
import { iamError } from "../errors.ts";
import { filtersQuery, linksOf, matching } from "../lists.ts";
import { routeOf } from "../operations.ts";
import { regionsOf } from "../regions/regions.ts";
import { toCatalogue, toIamEndpoints, toIamServices } from "./to-wire.ts";

/** The catalogue of a token, also for who signs requests and has none, and what it is made of. */
export const catalogueRoutes: IamRoutes = (app, { core, settings }) => {
  const servicesFor = (request: FastifyRequest) => toIamServices(addressOf(request, settings));
  const endpointsFor = async (request: FastifyRequest) =>
    toIamEndpoints(addressOf(request, settings), await regionsOf(core, callerOf(request).accountId));

  app.route({
    ...routeOf("KeystoneShowCatalog", { tags }),
    handler: async (request) => {
      const { accountId, project } = callerOf(request);
      const address = addressOf(request, settings);
      const region = await regionOf(core, accountId, project);
      return { catalog: toCatalogue({ address, region }), links: { self: `${address}/v3/auth/catalog` } };
    },
  });

  app.route({
    ...routeOf("KeystoneListServices", { querystring: filtersQuery, tags }),
    handler: async (request) => ({
      services: matching(servicesFor(request), request.query),
      links: linksOf(request, settings),
    }),
  });

  app.route({
    ...routeOf("KeystoneShowService", { tags }),
    handler: async (request) => ({ service: ofId(servicesFor(request), "service", request.params.service_id) }),
  });

  app.route({
    ...routeOf("KeystoneListEndpoints", { querystring: filtersQuery, tags }),
    handler: async (request) => ({
      endpoints: matching(await endpointsFor(request), request.query),
      links: linksOf(request, settings),
    }),
  });

  app.route({
    ...routeOf("KeystoneShowEndpoint", { tags }),
    handler: async (request) => ({
      endpoint: ofId(await endpointsFor(request), "endpoint", request.params.endpoint_id),
    }),
  });
};

/** @throws {ApiError} `IAM.NotFound` */
function ofId<Entry extends { id: string }>(entries: readonly Entry[], kind: string, id: string): Entry {
  const found = entries.find((entry) => entry.id === id);
  if (!found) throw iamError("IAM.NotFound", { kind: `${kind} ${id}` });
  return found;
}

/** The region of a project, and of the account's first one for who works in the account as a whole. */
export async function regionOf(core: Core, accountId: string, project: { name: string } | undefined): Promise<string> {
  const [first] = project ? [project] : await listProjects(core, accountId);
  return projectRegion(first?.name ?? "");
}
