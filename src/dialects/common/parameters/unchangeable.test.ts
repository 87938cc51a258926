import { describe, expect, it } from "vitest";
import { describeViolations } from "../errors/violations.ts";
import { flag, object, objects, text } from "./parameter.ts";
import { refuseUnchangeable } from "./unchangeable.ts";

const facts = { meaning: "" };
const members = {
  name: text(facts),
  spec: object({ protected: flag(facts), note: text(facts), ranges: objects({ cidr: text(facts) }, facts) }, facts),
};
const present = { rrsa: true, "spec.group": "rg-1" };
const said = (body: object) =>
  describeViolations(refuseUnchangeable(members, body, { operation: "ChangeIt", present })).replace(/^\.$/, "");

describe("what cannot be changed", () => {
  it.each<[object, string]>([
    [{ size: 3 }, "size cannot be changed here: ChangeIt takes name and spec."],
    [{ spec: { flavor: "x" } }, "spec.flavor cannot be changed here: ChangeIt takes protected, note, ranges."],
    [
      { spec: { ranges: [{}, { gateway: "x" }] } },
      "spec.ranges[1].gateway cannot be changed here: ChangeIt takes cidr.",
    ],
    [{ window: { enable: true } }, "window cannot be changed here: ChangeIt takes name and spec."],
    [{ rrsa: false }, "rrsa cannot be changed here: ChangeIt takes name and spec."],
    [{ spec: { group: "rg-2" } }, "spec.group cannot be changed here: ChangeIt takes protected, note, ranges."],
  ])("is refused: %j", (body, message) => {
    expect(said(body)).toBe(message);
  });

  it.each([
    { name: "a", spec: { protected: false, ranges: [] } },
    { size: 0, window: { enable: false, times: ["", {}] }, type: "", masters: [] },
    { rrsa: true, spec: { group: "rg-1" } },
    { rrsa: "True", spec: { group: "" } },
  ])("is passed over where it sets nothing, or what is there: %j", (body) => {
    expect(said(body)).toBe("");
  });
});
