import { expect, it } from "vitest";
import { createLog } from "./log.ts";

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
