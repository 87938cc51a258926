import { describe, expect, it } from "vitest";
import { addonCatalogue } from "../alibaba/add-ons.ts";
import { type CcePlugin, cceAddons } from "./add-ons.ts";

describe("the add-ons of a CCE cluster", () => {
  it.each<CcePlugin>(["overlay_l2", "underlay_ipvlan", "vpc-router", "eni"])("with %s have it last", (plugin) => {
    const addons = cceAddons(plugin);
    expect(addons.map(({ name }) => name)).toEqual(["coredns", "kube-proxy", "everest", plugin]);
    for (const { version, config, disabled } of addons) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect({ config, disabled }).toEqual({ config: "", disabled: false });
    }
  });

  it.each(["everest", "overlay_l2", "underlay_ipvlan", "vpc-router", "eni"])("are not ACK's: %s", (name) => {
    expect(addonCatalogue.find(name)).toBeUndefined();
  });
});
