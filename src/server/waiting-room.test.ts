import { describe, expect, it } from "vitest";
import { ackVocabulary } from "../dialects/ack/vocabulary.ts";
import { cceVocabulary } from "../dialects/cce/vocabulary.ts";
import { iamVocabulary } from "../dialects/iam/vocabulary.ts";
import { createGuard } from "./guard.ts";
import { createWaitingRoom } from "./waiting-room.ts";

const reason = "The service is starting. Try again in a second.";
const vocabularies = [ackVocabulary, cceVocabulary, iamVocabulary];
const app = createWaitingRoom(
  vocabularies.map((vocabulary, index) => ({ name: String(index), vocabulary })),
  createGuard([]),
  () => reason,
);

describe("while the service starts or stops", () => {
  it("the process says that it lives", async () => {
    const answer = await app.inject("/healthz");
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: "ok" }]);
  });

  it.each([
    ["GET", "/readyz", { status: "not ready", reason }],
    ["GET", "/clusters", { code: "ServiceUnavailable", message: reason }],
    ["POST", "/clusters", { code: "ServiceUnavailable", message: reason }],
    ["GET", "/%zz", { code: "ServiceUnavailable", message: reason }],
    ["GET", "/metrics", { code: "ServiceUnavailable" }],
    ["GET", "/api/v3/projects/x/clusters", { error_code: "APIGW.0202", error_msg: reason }],
    ["POST", "/v3/auth/tokens", { error_code: "APIGW.0202", error_msg: reason }],
  ] as const)("%s %s is asked to come again, in the shape of its dialect", async (method, url, body) => {
    const headers = { "content-type": "application/x-unknown" };
    const answer = await app.inject({ method, url, headers, payload: method === "POST" ? "{" : undefined });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.json()).toMatchObject(body);
  });

  it("nobody is told so who calls the service by another's name", async () => {
    const answer = await app.inject({ url: "/clusters", headers: { host: "page.example" } });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: "Forbidden" }]);
  });
});
