import { findDomain } from "../../../core/accounts/domains.ts";
import { callerOf } from "../../huawei/caller.ts";
import { addressOf, type IamRoutes, tags } from "../context.ts";
import { linksOf } from "../lists.ts";
import { routeOf } from "../operations.ts";

/** The caller's account. */
export const domainRoutes: IamRoutes = (app, { core }) => {
  app.route({
    ...routeOf("KeystoneListAuthDomains"),
    schema: { tags },
    handler: async (request) => {
      const domain = await findDomain(core, callerOf(request).accountId);
      const links = { self: `${addressOf(request)}/v3/domains/${domain.id}` };
      return { domains: [{ ...domain, enabled: true, description: "", links }], links: linksOf(request) };
    },
  });
};
