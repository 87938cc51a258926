import { expect, it } from "vitest";
import { type IamOperationName, iamOperation, iamOperations } from "./operations.ts";

it.each<[IamOperationName, string, string, string | undefined]>([
  ["KeystoneCreateUserTokenByPassword", "POST", "/v3/auth/tokens", "object"],
  ["KeystoneListProjects", "GET", "/v3/projects", undefined],
  ["CreateTemporaryAccessKeyByAgency", "POST", "/v3.0/OS-CREDENTIAL/securitytokens", undefined],
  ["ShowProjectDetailsAndStatus", "GET", "/v3-ext/projects/:project_id", undefined],
  ["KeystoneListServices", "GET", "/v3/services", undefined],
  ["KeystoneListEndpoints", "GET", "/v3/endpoints", undefined],
])("%s is %s %s with body %s", (name, method, path, body) => {
  expect(iamOperation(name)).toMatchObject({ dialect: "iam", name, method, path, body });
});

it("are answered without authentication where nobody can have a token yet", () => {
  expect(iamOperations.filter(({ isPublic }) => isPublic).map(({ name }) => name)).toEqual([
    "KeystoneShowVersion",
    "KeystoneCreateUserTokenByPassword",
  ]);
});
