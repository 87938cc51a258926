import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { type IamRoutes, tags } from "../context.ts";
import { iamError } from "../errors.ts";
import { linksOf } from "../lists.ts";
import { routeOf } from "../operations.ts";
import { regionsOf } from "./regions.ts";

/** The regions in which the caller's account has projects. */
export const regionRoutes: IamRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("KeystoneListRegions", { tags }),
    handler: async (request) => {
      const ids = await regionsOf(core, callerOf(request).accountId);
      return {
        regions: ids.map((id) => toIamRegion(id, addressOf(request, settings))),
        links: linksOf(request, settings),
      };
    },
  });

  app.route({
    ...routeOf("KeystoneShowRegion", { tags }),
    handler: async (request) => {
      const { region_id: id } = request.params;
      if (!(await regionsOf(core, callerOf(request).accountId)).includes(id))
        throw iamError("IAM.NotFound", { kind: `region ${id}` });
      return { region: toIamRegion(id, addressOf(request, settings)) };
    },
  });
};

const toIamRegion = (id: string, address: string) => ({
  id,
  type: "public",
  description: "",
  parent_region_id: null,
  locales: { "zh-cn": id, "en-us": id },
  links: { self: `${address}/v3/regions/${id}` },
});
