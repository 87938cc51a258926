import { describe, expect, it } from "vitest";
import { readTokenRequest } from "./to-core.ts";

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
    ["nothing", {}, "auth is mandatory, an object."],
    ["a text as auth", { auth: "x" }, "auth must be an object; auth is mandatory, an object."],
    ["no identity", { auth: {} }, "auth is mandatory, an object."],
    [
      "no methods",
      { auth: { identity: { password: {} } } },
      "auth.identity.methods must be a list of one of password, token.",
    ],
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
      "a user without anything",
      { auth: { identity: { methods: ["password"], password: { user: { enabled: true } } } } },
      "auth.identity.password.user.password is mandatory, a text; " +
        "auth.identity.password.user.name is mandatory where there is no id of the user; " +
        "auth.identity.password.user.domain is mandatory with its name or id, where there is no id of the user.",
    ],
    [
      "numbers for texts",
      byPassword({ name: 1, password: 2 }),
      "auth.identity.password.user.password must be a text; auth.identity.password.user.password is mandatory, a text; " +
        "auth.identity.password.user.name must be a text; " +
        "auth.identity.password.user.name is mandatory where there is no id of the user.",
    ],
    ["no token", { auth: { identity: { methods: ["token"] } } }, "auth.identity.token is mandatory, an object."],
    ["a list as scope", scoped([]), "auth.scope must be an object."],
    [
      "two scopes",
      scoped({ project: { id: "p" }, domain: { id: "d" } }),
      "auth.scope must have a project or a domain, not both.",
    ],
    ["a project without id and name", scoped({ project: { x: 1 } }), "auth.scope.project must have an id or a name."],
  ])("with %s is refused, every violation named", (_name, body, message) => {
    expect(() => readTokenRequest(body as Record<string, unknown>)).toThrow(
      expect.objectContaining({ code: "IAM.BadRequest", status: 400, message }),
    );
  });

  it("is refused without repeating a password", () => {
    expect(() => readTokenRequest(byPassword({ domain: 4, password: "Hunter2!" }))).toThrow(/^(?!.*Hunter2)/);
  });
});
