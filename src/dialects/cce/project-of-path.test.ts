import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestCore, type TestCore, testCredentials } from "../../../test/support/core.ts";
import { createProject } from "../../core/accounts/projects.ts";
import type { HuaweiCaller } from "../huawei/caller.ts";
import { projectOf } from "./project-of-path.ts";

let test: TestCore;
let second: string;
beforeAll(async () => {
  test = await createTestCore();
  second = (await createProject(test.core, "default", "cn-east-3"))?.id ?? "";
});
afterAll(() => test.close());

const first = testCredentials.projectId;
const caller = (changes: Partial<HuaweiCaller>): HuaweiCaller => ({
  accountId: "default",
  domainId: "d",
  userId: undefined,
  accessKeyId: undefined,
  project: undefined,
  wishedProjectId: undefined,
  ...changes,
});
const key = caller({ accessKeyId: "AK" });
const withToken = (id: string) => caller({ userId: "u", project: { id, name: "any" } });
const forbidden = expect.objectContaining({ code: "CCE.01403001", status: 403 });

describe("the project of a path", () => {
  it("is one of the account's for a key", async () => {
    expect(await projectOf(test.core, key, first)).toMatchObject({ id: first, name: "cn-north-4", isFirst: true });
    expect(await projectOf(test.core, key, second)).toMatchObject({ id: second, name: "cn-east-3", isFirst: false });
  });

  it("is the token's own for a token", async () => {
    expect(await projectOf(test.core, withToken(second), second)).toMatchObject({ name: "cn-east-3" });
  });

  it("is refused in the same words whether it is there or not", async () => {
    const messages = [];
    const asked: [HuaweiCaller, string][] = [
      [withToken(first), second],
      [withToken(first), "0".repeat(32)],
      [caller({ userId: "u" }), first],
      [caller({ accountId: "other", accessKeyId: "AK" }), first],
      [caller({ accountId: "other", accessKeyId: "AK" }), "0".repeat(32)],
    ];
    for (const [who, id] of asked) {
      const error = await projectOf(test.core, who, id).catch((reason) => reason);
      expect(error).toEqual(forbidden);
      messages.push(error.message.replace(id, "<id>"));
    }
    expect(new Set(messages).size).toBe(1);
  });

  it.each(["{project_id}", "%7Bproject_id%7D"])("is refused as a placeholder: %s", async (id) => {
    await expect(projectOf(test.core, key, id)).rejects.toThrow(
      expect.objectContaining({
        code: "CCE.01400001",
        status: 400,
        message: expect.stringContaining("Give the client"),
      }),
    );
  });

  it("has to be that of the header X-Project-Id, where that is sent", async () => {
    const wishing = (wishedProjectId: string) => ({ ...key, wishedProjectId });
    expect(await projectOf(test.core, wishing(first), first)).toMatchObject({ id: first });
    await expect(projectOf(test.core, wishing(second), first)).rejects.toThrow(
      expect.objectContaining({ code: "CCE.01400001", message: expect.stringContaining("X-Project-Id") }),
    );
  });

  it("is forbidden for any other text, characters that no database keeps included", async () => {
    const odd = fc.constantFrom("", "\0", "\ud800", first.toUpperCase(), `${first}\n`, ` ${first}`, "' or 1=1 --");
    await fc.assert(
      fc.asyncProperty(fc.oneof(odd, fc.string({ unit: "binary" })), async (id) => {
        await expect(projectOf(test.core, key, id)).rejects.toThrow(forbidden);
      }),
    );
  });
});
