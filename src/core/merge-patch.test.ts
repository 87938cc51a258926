import { describe, expect, it } from "vitest";
import { type MergePatch, merged } from "./merge-patch.ts";

interface Shop {
  name: string;
  open: boolean;
  address: { street: string; floor: number | undefined; tags: string[] };
  owner: { name: string } | undefined;
}

const shop: Shop = {
  name: "corner",
  open: true,
  address: { street: "Main", floor: 2, tags: ["a", "b"] },
  owner: { name: "Li" },
};

describe("a patch", () => {
  it.each<[what: string, patch: MergePatch<Shop>, changed: object]>([
    ["that is empty leaves everything", {}, shop],
    ["leaves what is undefined in it", { name: undefined, address: { floor: undefined } }, shop],
    ["replaces values, also by empty ones", { name: "", open: false }, { ...shop, name: "", open: false }],
    ["goes into objects", { address: { street: "Side" } }, { ...shop, address: { ...shop.address, street: "Side" } }],
    [
      "replaces a list as a whole",
      { address: { tags: ["c"] } },
      { ...shop, address: { ...shop.address, tags: ["c"] } },
    ],
    [
      "takes away what is null in it",
      { address: { floor: null } },
      { ...shop, address: { street: "Main", tags: ["a", "b"] } },
    ],
    ["takes away objects", { owner: null }, { name: "corner", open: true, address: shop.address }],
  ])("%s", (_what, patch, changed) => {
    expect(merged(shop, patch)).toStrictEqual(changed);
  });

  it("makes an object that is not there", () => {
    expect(merged<Shop>({ ...shop, owner: undefined }, { owner: { name: "Wu" } }).owner).toEqual({ name: "Wu" });
  });

  it("changes neither the value nor itself", () => {
    const [value, patch] = [structuredClone(shop), { address: { tags: ["c"], floor: null } }];
    merged(value, patch);
    expect(value).toEqual(shop);
    expect(patch).toEqual({ address: { tags: ["c"], floor: null } });
  });

  it("sets no prototype", () => {
    const patch: MergePatch<Shop> = JSON.parse('{"__proto__": {"owner": {"name": "X"}}}');
    expect(merged<Shop>({ ...shop, owner: undefined }, patch).owner).toBeUndefined();
  });
});
