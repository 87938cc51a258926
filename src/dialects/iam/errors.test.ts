import { expect, it } from "vitest";
import { gatewayError } from "../huawei/gateway.ts";
import { iamError, iamErrorBody, iamErrors } from "./errors.ts";

it.each([
  ["IAM.BadRequest", 400, "Bad Request"],
  ["IAM.Unauthorized", 401, "Unauthorized"],
  ["IAM.Forbidden", 403, "Forbidden"],
  ["IAM.NotFound", 404, "Not Found"],
  ["IAM.Conflict", 409, "Conflict"],
] as const)("the body of %s has status, sentence and title", (code, status, title) => {
  const error = iamError(code, { reason: "r", kind: "k", name: "n" } as never);
  expect(error.status).toBe(iamErrors[code].status);
  expect(iamErrorBody(error, "request-1")).toEqual({ error: { code: status, message: error.message, title } });
});

it("what the gateway refuses has its shape", () => {
  const error = gatewayError("APIGW.0301", { reason: "Sign." });
  expect(iamErrorBody(error, "request-1")).toEqual({
    error_code: "APIGW.0301",
    error_msg: "Incorrect IAM authentication information: Sign.",
    request_id: "request-1",
  });
});
