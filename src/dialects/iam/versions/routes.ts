import { addressOf } from "../../huawei/address.ts";
import { type IamRoutes, tags } from "../context.ts";
import { routeOf } from "../operations.ts";

/** What Keystone's clients ask before anything else: which version of the API there is. */
export const versionRoutes: IamRoutes = (app, { settings }) => {
  app.route({
    ...routeOf("KeystoneShowVersion", { tags }),
    handler: async (request) => ({
      version: {
        id: "v3.6",
        status: "stable",
        updated: "2016-04-04T00:00:00Z",
        links: [{ rel: "self", href: `${addressOf(request, settings)}/v3/` }],
        "media-types": [{ base: "application/json", type: "application/vnd.openstack.identity-v3+json" }],
      },
    }),
  });
};
