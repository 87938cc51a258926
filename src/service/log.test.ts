import { expect, it } from "vitest";
import { createLog } from "./log.ts";

it("logs nothing that looks like a credential, in whatever is logged", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const body = { name: "shop", accessKeyId: "Hunter2!", pools: [{ login_password: "Hunter2!" }] };
  log.child({ clusterId: "c" }).info({ body, headers: { authorization: "Hunter2!" }, tokenFile: "/a/b" }, "Taken.");
  expect(lines.join("")).not.toContain("Hunter2!");
  expect(JSON.parse(lines.join(""))).toMatchObject({ body: { name: "shop" }, tokenFile: "/a/b", msg: "Taken." });
});

it("logs an error of the database, and one that it caused, without the parameters of the statement", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const secret = "correct horse battery staple";
  const refused = Object.assign(new Error(`invalid input syntax for type integer: "${secret}"`), {
    ...{ severity: "ERROR", code: "22P02", params: [secret], detail: `The value was ${secret}.` },
  });
  log.error({ err: refused }, "Refused.");
  log.child({ clusterId: "c" }).error({ err: new Error("The queue had an error.", { cause: refused }) }, "Refused.");
  expect(lines).toHaveLength(2);
  expect(lines.join("")).toContain("22P02");
  expect(lines.join("")).toContain("The queue had an error.");
  expect(lines.join("")).not.toContain(secret);
});
