import { findDomain } from "../../../core/accounts/domains.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { type IamRoutes, tags } from "../context.ts";
import { linksOf } from "../lists.ts";
import { routeOf } from "../operations.ts";

/** The caller's account. */
export const domainRoutes: IamRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("KeystoneListAuthDomains", { tags }),
    handler: async (request) => {
      const domain = await findDomain(core, callerOf(request).accountId);
      const links = { self: `${addressOf(request, settings)}/v3/domains/${domain.id}` };
      return { domains: [{ ...domain, enabled: true, description: "", links }], links: linksOf(request, settings) };
    },
  });
};
