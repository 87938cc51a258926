import { listProjects, projectRegion } from "../../../core/accounts/projects.ts";
import type { Core } from "../../../core/core.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { type IamRoutes, tags } from "../context.ts";
import { routeOf } from "../operations.ts";
import { toCatalogue } from "./to-wire.ts";

/** The catalogue of a token, also for who signs requests and has none. */
export const catalogueRoutes: IamRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("KeystoneShowCatalog"),
    schema: { tags },
    handler: async (request) => {
      const { accountId, project } = callerOf(request);
      const address = addressOf(request, settings);
      const region = await regionOf(core, accountId, project);
      return { catalog: toCatalogue({ address, region }), links: { self: `${address}/v3/auth/catalog` } };
    },
  });
};

/** The region of a project, and of the account's first one for who works in the account as a whole. */
export async function regionOf(core: Core, accountId: string, project: { name: string } | undefined): Promise<string> {
  const [first] = project ? [project] : await listProjects(core, accountId);
  return projectRegion(first?.name ?? "");
}
