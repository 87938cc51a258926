import type { Domain } from "../../../core/accounts/domains.ts";
import type { UserReference } from "../../../core/accounts/users.ts";
import type { MemberValues } from "../../common/parameters/parameter.ts";
import type { tokenParameters } from "./body.ts";

/** Who asks for a token: by name and password, or by another token. */
export type TokenIdentity =
  | { method: "password"; who: UserReference; password: string }
  | { method: "token"; token: string };

/** What the token is to be good for: a project, or undefined in `project`, the account as a whole. */
export interface TokenScope {
  project: { id?: string | undefined; name?: string | undefined } | undefined;
  /** The account; it has to be the user's own where it is given. */
  domain: Partial<Domain> | undefined;
}

/** A request for a token. */
export interface TokenRequest {
  identity: TokenIdentity;
  scope: TokenScope;
}

type Auth = MemberValues<typeof tokenParameters>["auth"];

/** What a request for a token means. @param body after its check */
export const toTokenRequest = ({ auth }: MemberValues<typeof tokenParameters>): TokenRequest => ({
  identity: toIdentity(auth.identity),
  scope: toScope(auth.scope ?? {}),
});

function toIdentity({ methods: [method], password, token }: Auth["identity"]): TokenIdentity {
  if (method === "token") return { method, token: token?.id ?? "" };
  const { id, name = "", domain = {}, password: secret = "" } = password?.user ?? {};
  const who = id === undefined ? { name, domain } : { id, name: password?.user?.name, domain: password?.user?.domain };
  return { method: "password", who, password: secret };
}

const toScope = ({ project, domain }: NonNullable<Auth["scope"]>): TokenScope =>
  project ? { project: { id: project.id, name: project.name }, domain: project.domain } : { project, domain };
