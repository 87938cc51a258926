import { describe, expect, it } from "vitest";
import { addonSettings } from "./settings.ts";

describe("the settings of an add-on", () => {
  it.each([
    ['{"a":{"b":1}}', { a: { b: 1 } }],
    ["", {}],
    ["{}", {}],
    ["******", {}],
    ["[1]", {}],
    ["null", {}],
    ["{no JSON", {}],
  ])("%j are %j", (config, settings) => {
    expect(addonSettings({ config })).toEqual(settings);
  });
});
