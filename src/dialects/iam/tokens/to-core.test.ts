import { describe, expect, it } from "vitest";
import { describeViolations } from "../../common/errors/violations.ts";
import { bodyReader } from "../../common/parameters/testing/read-body.ts";
import { tokenBody } from "./body.ts";
import { toTokenRequest } from "./to-core.ts";

const read = await bodyReader(tokenBody);
/** What is wrong with a body, which reads as the user gets it. */
const said = (body: object) => describeViolations(read(body).violations);
const readTokenRequest = (body: object) => toTokenRequest(read(body).body);

const user = { name: "alice", password: "secret", domain: { name: "acme" } };
const identity = { methods: ["password"], password: { user } };
const byPassword = (changes: object) => ({
  auth: { identity: { methods: ["password"], password: { user: { ...user, ...changes } } } },
});
const scoped = (scope: unknown) => ({ auth: { identity, scope } });

describe("a request for a token", () => {
  it("has a user by name and account, and no scope for the account as a whole", () => {
    expect(readTokenRequest({ auth: { identity } })).toEqual({
      identity: { method: "password", who: { name: "alice", domain: { name: "acme" } }, password: "secret" },
      scope: { project: undefined, domain: undefined },
    });
  });

  it("has a user by id", () => {
    expect(readTokenRequest(byPassword({ id: "u1", name: undefined, domain: undefined })).identity).toMatchObject({
      who: { id: "u1" },
    });
  });

  it("has another token in place of a password", () => {
    const body = { auth: { identity: { methods: ["token"], token: { id: "t" } } } };
    expect(readTokenRequest(body).identity).toEqual({ method: "token", token: "t" });
  });

  it.each([
    [{ project: { id: "p1" } }, { project: { id: "p1" } }],
    [{ project: { name: "cn-north-4" } }, { project: { name: "cn-north-4" } }],
    [
      { project: { name: "cn-north-4", domain: { name: "acme" } } },
      { project: { name: "cn-north-4" }, domain: { name: "acme" } },
    ],
    [{ domain: { id: "d1", name: "" } }, { domain: { id: "d1" } }],
    [{ project: {}, domain: { id: "d1" } }, { domain: { id: "d1" } }],
    [{}, {}],
    [null, {}],
  ])("has the scope %j", (scope, read) => {
    expect(readTokenRequest(scoped(scope)).scope).toMatchObject(read);
  });

  it.each<[string, object, string]>([
    ["nothing", {}, "auth is mandatory."],
    ["a text as auth", { auth: "x" }, 'auth "x" must be object.'],
    ["no identity", { auth: {} }, "auth.identity is mandatory."],
    ["no methods", { auth: { identity: { password: {} } } }, "auth.identity.methods is mandatory."],
    [
      "an agency",
      { auth: { identity: { methods: ["assume_role"] } } },
      "auth.identity.methods must be a list of one of password, token.",
    ],
    [
      "a one-time password beside",
      { auth: { identity: { ...identity, methods: ["password", "totp"] } } },
      "auth.identity.methods must be a list of one of password, token.",
    ],
    [
      "methods of an object's prototype",
      { auth: { identity: { methods: ["constructor"] } } },
      "auth.identity.methods must be a list of one of password, token.",
    ],
    [
      "a method alone",
      { auth: { identity: { methods: ["password"] } } },
      "auth.identity.password.user is mandatory: give the user and its password.",
    ],
    [
      "a user without anything",
      byPassword({ name: "", password: "", domain: {}, id: null }),
      "auth.identity.password.user is mandatory: give the user and its password.",
    ],
    [
      "a user without a name",
      byPassword({ name: "", domain: {} }),
      "auth.identity.password.user.name is mandatory: or give the id of the user; " +
        "auth.identity.password.user.domain is mandatory: give its name or id, or the id of the user.",
    ],
    ["no password", byPassword({ password: "" }), "auth.identity.password.user.password is mandatory."],
    ["a list as a name", byPassword({ name: ["a"] }), "auth.identity.password.user.name (hidden) must be string."],
    ["no token", { auth: { identity: { methods: ["token"] } } }, "auth.identity.token.id is mandatory."],
    ["a list as scope", scoped([]), "auth.scope [] must be object."],
    [
      "two scopes",
      scoped({ project: { id: "p" }, domain: { id: "d" } }),
      "auth.scope must have a project or a domain, not both.",
    ],
    ["a project without id and name", scoped({ project: { x: 1 } }), "auth.scope.project must have an id or a name."],
    [
      "a project by its account alone",
      scoped({ project: { domain: { name: "acme" } } }),
      "auth.scope.project must have an id or a name.",
    ],
  ])("with %s is refused, every violation named", (_name, body, message) => {
    expect(said(body)).toBe(message);
  });

  it("takes numbers for texts, as every other body", () => {
    expect(readTokenRequest(byPassword({ name: 7 })).identity).toMatchObject({ who: { name: "7" } });
  });

  it("is refused without repeating a password", () => {
    const message = said(byPassword({ domain: 4, password: ["Hunter2!"] }));
    expect(message).toContain("auth.identity.password.user.password");
    expect(message).not.toContain("Hunter2");
  });
});
