import { listProjects } from "../../../core/accounts/projects.ts";
import { listUsers, type User } from "../../../core/accounts/users.ts";
import type { Core } from "../../../core/core.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf, type HuaweiCaller } from "../../huawei/caller.ts";
import { type IamRoutes, tags } from "../context.ts";
import { iamError } from "../errors.ts";
import { filtersQuery, linksOf, matching } from "../lists.ts";
import { routeOf } from "../operations.ts";
import { toIamProjects } from "../projects/to-wire.ts";

interface UserParams {
  user_id: string;
}

/** The users of the caller's account, and the projects that they may work in: all of them. */
export const userRoutes: IamRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("KeystoneListUsers", { querystring: filtersQuery, tags }),
    handler: async (request) => {
      const caller = callerOf(request);
      const users = await listUsers(core, caller.accountId);
      const shown = users.map((user) => toIamUser(user, caller, addressOf(request, settings)));
      return { users: matching(shown, request.query), links: linksOf(request, settings) };
    },
  });

  app.route({
    ...routeOf("KeystoneShowUser", { tags }),
    handler: async (request) => {
      const caller = callerOf(request);
      const user = await requireUser(core, caller, request.params);
      return { user: toIamUser(user, caller, addressOf(request, settings)) };
    },
  });

  app.route({
    ...routeOf("KeystoneListProjectsForUser", { querystring: filtersQuery, tags }),
    handler: async (request) => {
      const caller = callerOf(request);
      await requireUser(core, caller, request.params);
      const projects = toIamProjects(await listProjects(core, caller.accountId), caller, addressOf(request, settings));
      return { projects: matching(projects, request.query), links: linksOf(request, settings) };
    },
  });
};

/** @throws {ApiError} `IAM.NotFound` where the account has no such user */
async function requireUser(core: Core, { accountId }: HuaweiCaller, { user_id: id }: UserParams): Promise<User> {
  const user = (await listUsers(core, accountId)).find((one) => one.id === id);
  if (!user) throw iamError("IAM.NotFound", { kind: `user ${id}` });
  return user;
}

const toIamUser = ({ id, name }: User, { domainId }: HuaweiCaller, address: string) => ({
  id,
  name,
  domain_id: domainId,
  enabled: true,
  description: "",
  password_expires_at: null,
  links: { self: `${address}/v3/users/${id}` },
});
