import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseTimestamp, toTimestamp } from "./timestamps.ts";

describe("a timestamp", () => {
  it.each([
    ["2018-08-02T03:48:58.968Z", "2018-08-02 03:48:58.968 +0000 UTC"],
    ["2018-08-02T03:48:58.960Z", "2018-08-02 03:48:58.96 +0000 UTC"],
    ["2018-08-02T03:48:58.900Z", "2018-08-02 03:48:58.9 +0000 UTC"],
    ["2018-08-02T03:48:58.009Z", "2018-08-02 03:48:58.009 +0000 UTC"],
    ["2018-08-02T03:48:58.000Z", "2018-08-02 03:48:58 +0000 UTC"],
    ["2018-08-02T03:48:50.000Z", "2018-08-02 03:48:50 +0000 UTC"],
    ["2020-10-10T00:00:00.000Z", "2020-10-10 00:00:00 +0000 UTC"],
  ])("of %s is %s", (moment, text) => {
    expect(toTimestamp(new Date(moment))).toBe(text);
    expect(parseTimestamp(text)).toEqual(new Date(moment));
  });

  it("may be finer than a millisecond, as the documents' own is", () => {
    expect(parseTimestamp("2018-08-02 03:48:58.968214406 +0000 UTC")).toEqual(new Date("2018-08-02T03:48:58.968Z"));
  });

  it.each([
    "",
    "2018-08-02T03:48:58Z",
    "2018-08-02 03:48:58",
    "2018-08-02 03:48:58. +0000 UTC",
    "2018-13-02 03:48:58 +0000 UTC",
    "2018-08-02 03:48:58 +0100 CET",
  ])("is not read from %j", (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  it("comes back, whatever it is", () => {
    const moment = fc.date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(moment, (one) => {
        expect(parseTimestamp(toTimestamp(one))).toEqual(one);
      }),
    );
  });
});
