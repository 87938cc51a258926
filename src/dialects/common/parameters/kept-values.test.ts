import { describe, expect, it } from "vitest";
import { keptValues } from "./kept-values.ts";
import { type Facts, flag, integer, type Members, map, object, objects, text, texts } from "./parameter.ts";

const facts: Facts = { kinds: [], meaning: "", effect: "", observed: "" };

const members: Members = {
  name: text(facts),
  size: integer({ ...facts, minimum: 1 }),
  base: integer({ ...facts, minimum: 0 }),
  on: flag(facts),
  types: texts(facts),
  labels: map(facts),
  disks: objects({ size: integer({ ...facts, minimum: 20 }), encrypted: text(facts), burst: flag(facts) }, facts),
  policy: object({ restart: flag(facts) }, facts),
  options: object({}, facts),
};

describe("what a request was kept with", () => {
  it.each<[string, object, object]>([
    ["has numbers and flags that were sent as texts", { size: "40", on: "true" }, { size: 40, on: true }],
    ["has flags in any spelling", { on: "False", policy: { restart: 1 } }, { on: false, policy: { restart: true } }],
    ["has texts that were sent as numbers", { name: 12 }, { name: "12" }],
    [
      "has the types of its table in lists, too",
      { disks: [{ size: "40", encrypted: true, burst: "0" }] },
      { disks: [{ size: 40, encrypted: "true", burst: false }] },
    ],
    ["has 0 where that is a value", { base: 0 }, { base: 0 }],
    ["has false", { on: false, policy: { restart: false } }, { on: false, policy: { restart: false } }],
    [
      "has maps and open objects as they are",
      { labels: { a: "1" }, options: { id: "x" } },
      { labels: { a: "1" }, options: { id: "x" } },
    ],
    [
      "has what no table has, as it is",
      { shoe_size: "40", disks: [{ colour: "red" }] },
      { shoe_size: "40", disks: [{ colour: "red" }] },
    ],
  ])("%s", (_what, sent, shown) => {
    expect(keptValues(members, sent)).toEqual(shown);
  });

  it("leaves out what means that nothing was set", () => {
    const sent = {
      ...{ name: "", size: 0, base: null, on: null, types: [], labels: null },
      ...{ disks: [], policy: { restart: null }, options: {}, shoe_size: null },
    };
    expect(keptValues(members, sent)).toEqual({});
    for (const nothing of [undefined, null, "", []]) expect(keptValues(members, nothing)).toEqual({});
  });
});
