import { describe, expect, it } from "vitest";
import { isLabelKey, isLabelName, isLabelValue, isSubdomain } from "./kubernetes-rules.ts";

const sixtyThree = "x".repeat(63);
const longPrefix = `${`${"x".repeat(62)}.`.repeat(4)}x`;

describe("a label", () => {
  it.each(["a", "A.b_c-9", sixtyThree, "example.com/a", "a.b-c.d/Name", `${longPrefix}/${sixtyThree}`])(
    "may have the key %s",
    (key) => expect(isLabelKey(key)).toBe(true),
  );

  it.each([
    ...["", "-a", "a-", "_", "a b", "名", `${sixtyThree}x`, "a/", "/a", "a/b/c"],
    ...["Example.com/a", "a..b/c", "-a/b", "a-/b", `${longPrefix}x/a`, "a\n"],
  ])("has not the key %j", (key) => expect(isLabelKey(key)).toBe(false));

  it.each(["", "a", "A.b_c-9", sixtyThree])("may have the value %j", (value) => expect(isLabelValue(value)).toBe(true));

  it.each([" ", "a/b", "-", "a.", `${sixtyThree}x`, "研发"])("has not the value %j", (value) =>
    expect(isLabelValue(value)).toBe(false),
  );
});

it("the name in a key has no prefix", () => {
  expect([isLabelName("a"), isLabelName("b/a"), isLabelName("")]).toEqual([true, false, false]);
});

it("a subdomain is in lower case, of at most 253 characters", () => {
  expect([longPrefix, "a", "1.b-2"].map(isSubdomain)).toEqual([true, true, true]);
  expect([`${longPrefix}x`, "A", "a_b", ".a", ""].map(isSubdomain)).toEqual([false, false, false, false, false]);
});
