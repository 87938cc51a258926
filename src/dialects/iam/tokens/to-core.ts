import type { Domain } from "../../../core/accounts/domains.ts";
import type { UserReference } from "../../../core/accounts/users.ts";
import { type Member, type MemberReader, memberReader } from "../members.ts";

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

const methods = ["password", "token"] as const;

/**
 * Reads the body of `POST /v3/auth/tokens`, as Keystone has it.
 * @throws {ApiError} `IAM.BadRequest`, naming every violation
 */
export function readTokenRequest(body: Member["value"]): TokenRequest {
  const read = memberReader();
  const auth = required(read, { place: "", value: body }, "auth");
  const identity = auth && required(read, auth, "identity");
  const who = identity && readIdentity(read, identity);
  const scope = auth && readScope(read, auth);
  return read.result(who && scope && { identity: who, scope });
}

function readIdentity(read: MemberReader, identity: Member): TokenIdentity | undefined {
  const listed = read.list(identity, "methods");
  const [method] = listed ?? [];
  const known = methods.find((name) => name === method);
  if (known === undefined || listed?.length !== 1) {
    read.violation(`${identity.place}.methods`, `must be a list of one of ${methods.join(", ")}`);
    return undefined;
  }
  return known === "password" ? readPassword(read, identity) : readToken(read, identity);
}

function readToken(read: MemberReader, identity: Member): TokenIdentity | undefined {
  const holder = required(read, identity, "token");
  const token = holder && requiredText(read, holder, "id");
  return token === undefined ? undefined : { method: "token", token };
}

function readPassword(read: MemberReader, identity: Member): TokenIdentity | undefined {
  const holder = required(read, identity, "password");
  const user = holder && required(read, holder, "user");
  if (!user) return undefined;
  const password = requiredText(read, user, "password");
  const who = readUser(read, user);
  return password === undefined || who === undefined ? undefined : { method: "password", who, password };
}

function readUser(read: MemberReader, user: Member): UserReference | undefined {
  const id = read.text(user, "id");
  const name = read.text(user, "name");
  const domain = readDomain(read, user);
  if (id !== undefined) return { id, name, domain };
  if (name === undefined) read.violation(`${user.place}.name`, "is mandatory where there is no id of the user");
  if (domain === undefined)
    read.violation(`${user.place}.domain`, "is mandatory with its name or id, where there is no id of the user");
  return name === undefined || domain === undefined ? undefined : { name, domain };
}

function readScope(read: MemberReader, auth: Member): TokenScope {
  const scope = read.object(auth, "scope");
  if (!scope) return { project: undefined, domain: undefined };
  const project = read.object(scope, "project");
  const domain = readDomain(read, scope);
  if (!project) return { project, domain };
  if (domain) read.violation(scope.place, "must have a project or a domain, not both");
  const id = read.text(project, "id");
  const name = read.text(project, "name");
  if (id === undefined && name === undefined) read.violation(project.place, "must have an id or a name");
  return { project: { id, name }, domain: readDomain(read, project) };
}

function readDomain(read: MemberReader, parent: Member): Partial<Domain> | undefined {
  const domain = read.object(parent, "domain");
  if (!domain) return undefined;
  const id = read.text(domain, "id");
  const name = read.text(domain, "name");
  return id === undefined && name === undefined ? undefined : { ...(id && { id }), ...(name && { name }) };
}

function required(read: MemberReader, parent: Member, name: string): Member | undefined {
  const found = read.object(parent, name);
  if (!found) read.violation(parent.place === "" ? name : `${parent.place}.${name}`, "is mandatory, an object");
  return found;
}

function requiredText(read: MemberReader, parent: Member, name: string): string | undefined {
  const found = read.text(parent, name);
  if (found === undefined) read.violation(`${parent.place}.${name}`, "is mandatory, a text");
  return found;
}
