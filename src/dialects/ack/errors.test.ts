import { describe, expect, it } from "vitest";
import { ApiError } from "../common/errors/api-error.ts";
import { ackError, ackErrorBody, ackErrors } from "./errors.ts";

describe("the error table", () => {
  it.each(Object.entries(ackErrors))("%s: 404 means gone, and 5xx means try again", (code, { status, message }) => {
    // Terraform forgets a resource at 404, and retries any 5xx for up to an hour.
    expect(status === 404).toBe(code.endsWith("NotFound"));
    expect(status >= 500).toBe(code === "InternalError" || code === "ServiceUnavailable");
    expect(message).not.toBe("");
  });

  it.each([
    ["InvalidAccessKeyId.NotFound", 404, "Specified access key is not found."],
    ["InvalidAccessKeyId.Inactive", 400, "Specified access key is disabled."],
    ["ContentMD5NotMatched", 400, "Specified content md5 is not matched with your request body."],
  ] as const)("%s has the gateway's status and words", (code, status, message) => {
    expect(ackError(code, {})).toMatchObject({ code, status, message });
  });
});

describe("an error", () => {
  it("has its message filled with values, which are taken as they are", () => {
    const error = ackError("ErrorNodePoolNotFound", { nodepoolId: "np{clusterId}$&", clusterId: "c1" });
    expect(error.message).toBe("The node pool np{clusterId}$& is not found in cluster c1.");
  });

  it("never has an empty code, which Terraform would read as success", () => {
    expect(() => new ApiError("", 400, "Something is wrong.")).toThrow("needs a code");
  });

  it("has one body that old and new clients read, `code` first", () => {
    const body = ackErrorBody(ackError("ErrorClusterNotFound", { clusterId: "c1" }), "REQUEST-1", "ack.example.test");
    expect(JSON.stringify(body)).toMatch(/^\{"code":"ErrorClusterNotFound","message":/);
    expect(body).toEqual({
      code: "ErrorClusterNotFound",
      message: "The cluster c1 is not found.",
      requestId: "REQUEST-1",
      status: 404,
      Code: "ErrorClusterNotFound",
      Message: "The cluster c1 is not found.",
      RequestId: "REQUEST-1",
      HostId: "ack.example.test",
    });
  });

  it("can carry more members, which replace none of the standard ones", () => {
    const detail = { AuthAction: "cs:DeleteCluster" };
    const error = ackError("Forbidden", { reason: "It is not allowed." }, { AccessDeniedDetail: detail, code: "x" });
    const body = ackErrorBody(error, "REQUEST-1", "");
    expect(body).toMatchObject({ code: "Forbidden", AccessDeniedDetail: detail });
    expect(Object.keys(body)[0]).toBe("code");
  });
});
