import { describe, expect, it } from "vitest";
import { ApiError } from "../common/errors/api-error.ts";
import { gatewayError } from "../huawei/gateway.ts";
import { cceError, cceErrorBody, cceErrors, operationNotSupported } from "./errors.ts";

describe("the error table", () => {
  it.each(Object.entries(cceErrors))("%s has its HTTP status in its code, a sentence and a template", (code, row) => {
    expect(row.status).toBe(Number(/^CCE\.01(\d{3})\d{3}$/.exec(code)?.[1]));
    expect(row.title).not.toBe("");
    expect(row.message).not.toBe("");
  });

  it.each(Object.entries(cceErrors))("%s: 404 means gone, and 5xx means try again", (code, { status }) => {
    expect(status === 404).toBe(code === "CCE.01404001");
    expect(status >= 500).toBe(code === "CCE.01500001");
  });
});

describe("the body of an error", () => {
  it("of the service is a Status with the new code, the old one, and what is wrong", () => {
    const reason = 'spec.flavor "cce.s1.tiny" must be one of cce.s1.small, cce.s2.small.';
    expect(cceErrorBody(cceError("CCE.01400001", { reason }), "request-1")).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      code: 400,
      reason: "BadRequest",
      errorCode: "CCE.01400001",
      errorMessage: "Invalid request.",
      error_code: "CCE_CM.0004",
      error_msg: reason,
      message: reason,
    });
  });

  it("has the new code twice where there was no old one", () => {
    const error = cceError("CCE.01403001", { projectId: "p" });
    expect(cceErrorBody(error, "")).toMatchObject({ errorCode: "CCE.01403001", error_code: "CCE.01403001" });
  });

  it.each([
    [cceError("CCE.01403001", { projectId: "p" }), 403, "Forbidden"],
    [cceError("CCE.01404001", { kind: "cluster", id: "c" }), 404, "NotFound"],
    [cceError("CCE.01500001", { reason: "r" }), 500, "InternalError"],
  ])("has Kubernetes' reason of its status: %s", (error, code, reason) => {
    expect(cceErrorBody(error, "")).toMatchObject({ code, reason });
  });

  it("of the gateway has its shape", () => {
    const error = gatewayError("APIGW.0101", { method: "GET", path: "/api/v3/nothing" });
    expect(cceErrorBody(error, "request-1")).toEqual({
      error_code: "APIGW.0101",
      error_msg:
        "The API does not exist or has not been published in the environment. There is no GET /api/v3/nothing.",
      request_id: "request-1",
    });
  });

  it("can carry more members, which replace none of the standard ones", () => {
    const error = new ApiError("CCE.01400001", 400, "Wrong.", { code: 1, errorCode: "x", detail: ["a"] });
    expect(cceErrorBody(error, "")).toMatchObject({ code: 400, errorCode: "CCE.01400001", detail: ["a"] });
  });

  it("of a code that is in no table says what the error says", () => {
    expect(cceErrorBody(new ApiError("constructor", 418, "Short and stout."), "")).toMatchObject({
      code: 418,
      reason: "Unknown",
      errorCode: "constructor",
      error_code: "constructor",
      errorMessage: "Short and stout.",
    });
  });
});

it("an operation that is not supported is named", () => {
  expect(operationNotSupported("CreateNode")).toMatchObject({
    code: "CCE.01400001",
    status: 400,
    message: expect.stringContaining("The operation CreateNode is documented"),
  });
});
