import type { FastifyRequest } from "fastify";
import Type, { type Static } from "typebox";
import { type Domain, findDomain } from "../../../core/accounts/domains.ts";
import { ensureRegionProject, findProject } from "../../../core/accounts/projects.ts";
import { issueToken, type TokenOwner, type TokenProof, verifyToken } from "../../../core/accounts/tokens.ts";
import { type User, verifyPassword } from "../../../core/accounts/users.ts";
import { checkedBody, taking } from "../../common/checked-body.ts";
import { addressOf } from "../../huawei/address.ts";
import { callerOf } from "../../huawei/caller.ts";
import { regionOf } from "../catalogue/routes.ts";
import { type IamContext, type IamRoutes, tags } from "../context.ts";
import { iamError, refuseTooMany, refuseWhenBusy } from "../errors.ts";
import { routeOf } from "../operations.ts";
import { tokenBody } from "./body.ts";
import { type TokenIdentity, type TokenScope, toTokenRequest } from "./to-core.ts";
import { tokenAnswer } from "./to-wire.ts";

/** The header of an answer that has the token, and of a request the one that is asked about. */
const subjectToken = "x-subject-token";

const tokenQuery = Type.Object({
  nocatalog: Type.Optional(Type.String({ description: "Any value leaves the catalogue out." })),
});

/** Registers the routes of tokens: to get one, and to ask what one is good for. */
export const tokenRoutes: IamRoutes = (app, context) => {
  const { core, now = () => new Date() } = context;

  app.route({
    ...routeOf("KeystoneCreateUserTokenByPassword", { querystring: tokenQuery, body: tokenBody.schema, tags }),
    ...taking(tokenBody),
    handler: async (request, reply) => {
      const { identity, scope } = toTokenRequest(checkedBody(request, tokenBody).body);
      const { user, bound, ...proved } = await verifyIdentity(context, identity, now());
      const projectId = bound ? boundProjectId(bound, scope) : await projectIdOf(context, user.accountId, scope);
      const issuedAt = now();
      const token = await issueToken(core, { userId: user.id, projectId, ...proved }, issuedAt);
      const owner = await verifyToken(core, token, issuedAt);
      // The password was changed, or the first token ended, at this very moment.
      if (!owner) throw iamError("IAM.Unauthorized", {});
      reply.code(201).header(subjectToken, token);
      return answer(context, request, owner, identity.method);
    },
  });

  app.route({
    ...routeOf("KeystoneValidateToken", { querystring: tokenQuery, tags }),
    handler: async (request, reply) => {
      const token = String(request.headers[subjectToken] ?? "");
      const owner = await verifyToken(core, token, now());
      if (!owner || owner.user.accountId !== callerOf(request).accountId)
        throw iamError("IAM.NotFound", { kind: "token of the header X-Subject-Token" });
      reply.header(subjectToken, token);
      return answer(context, request, owner, "password");
    },
  });
};

async function verifyIdentity(
  { core }: IamContext,
  identity: TokenIdentity,
  now: Date,
): Promise<{ user: User; proof: TokenProof; notAfter?: Date; bound?: TokenOwner["project"] }> {
  if (identity.method === "password") {
    const user = await verifyPassword(core, identity.who, identity.password).catch(refuseWhenBusy);
    if (user) return { user, proof: { passwordHash: user.passwordHash } };
  } else {
    const { token } = identity;
    const owner = await verifyToken(core, token, now);
    if (owner) return { user: owner.user, proof: { token }, notAfter: owner.expiresAt, bound: owner.project };
  }
  throw iamError("IAM.Unauthorized", {});
}

/**
 * The id of the project of a token that is got with the token of a project: that one. It cannot be good for more than the
 * token that it is got with.
 * @throws {ApiError} `IAM.Forbidden` for any other scope
 */
function boundProjectId({ id, name }: { id: string; name: string }, { project, domain }: TokenScope): string {
  const isNone = !project && !domain;
  const isOwn = project !== undefined && (project.id ?? id) === id && (project.name ?? name) === name;
  if (isNone || isOwn) return id;
  throw iamError("IAM.Forbidden", {
    reason:
      `The token is good for the project ${name} alone, and so is one that is got with it. Get one of another scope by ` +
      "the user's password.",
  });
}

/** The id of the project that a token is to be good for, or null. @throws {ApiError} `IAM.Forbidden` where it cannot be that */
async function projectIdOf(
  { core, settings }: IamContext,
  accountId: string,
  { project: wanted, domain }: TokenScope,
): Promise<string | null> {
  if (domain && !isDomain(await findDomain(core, accountId), domain))
    throw iamError("IAM.Forbidden", { reason: "The scope names a domain that is not the user's own." });
  if (!wanted) return null;
  const { id, name } = wanted;
  const project =
    id === undefined
      ? await ensureRegionProject(core, accountId, name ?? "", settings.inventory).catch(refuseTooMany)
      : await findProject(core, accountId, id);
  if (!project || (name !== undefined && project.name !== name))
    throw iamError("IAM.Forbidden", {
      reason: "The scope names a project that is not one of the user's account; GET /v3/projects lists those.",
    });
  return project.id;
}

const isDomain = (own: Domain, asked: Partial<Domain>): boolean =>
  (asked.id === undefined || asked.id === own.id) && (asked.name === undefined || asked.name === own.name);

async function answer(
  { core, settings }: IamContext,
  request: FastifyRequest<{ Querystring: Static<typeof tokenQuery> }>,
  owner: TokenOwner,
  method: string,
) {
  return tokenAnswer(owner, {
    method,
    address: addressOf(request, settings),
    region: await regionOf(core, owner.user.accountId, owner.project),
    withoutCatalog: request.query.nocatalog !== undefined,
  });
}
