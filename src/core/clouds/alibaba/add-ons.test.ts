import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AddonWishes } from "../../add-ons/catalogue.ts";
import type { AddonSpec } from "../../clusters/cluster.ts";
import { addonCatalogue } from "./add-ons.ts";

const { addons, find: findAddon, effective: effectiveAddons, conflicts: conflictingAddons } = addonCatalogue;

const asked = (name: string, more: Partial<AddonSpec> = {}): AddonSpec => ({
  name,
  version: undefined,
  config: "",
  disabled: false,
  ...more,
});
const wishes = (more: Partial<AddonWishes> = {}): AddonWishes => ({
  kind: "managed",
  requested: [],
  plugin: "flannel",
  monitoring: false,
  ...more,
});
/** Names of what is installed. */
const installed = (more: Partial<AddonWishes> = {}) =>
  effectiveAddons(wishes(more)).flatMap(({ name, disabled }) => (disabled ? [] : [name]));

const platform = ["coredns", "kube-proxy", "metrics-server"];
const defaults = ["csi-plugin", "csi-provisioner", "ack-node-problem-detector"];

describe("the catalogue", () => {
  it("has no name or alias twice", () => {
    const names = addons.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("excludes only what it has", () => {
    for (const other of addons.flatMap(({ excludes }) => excludes)) expect(findAddon(other)?.name).toBe(other);
  });

  it.each([
    ["flannel", "flannel"],
    ["kube-flannel-ds", "flannel"],
    ["terway", "terway-eniip"],
    ["terway-eniip", "terway-eniip"],
    ["terway-eni", "terway-eni"],
    ["managed-csiprovisioner", "csi-provisioner"],
    ["managed-coredns", "coredns"],
    ["Flannel", undefined],
    ["toString", undefined],
    ["", undefined],
  ])("%s is %s", (name, found) => {
    expect(findAddon(name)?.name).toBe(found);
  });
});

describe("the add-ons of a cluster that asks for none", () => {
  it.each<[string, Partial<AddonWishes>, string[]]>([
    ["managed, Flannel", {}, [...platform, "flannel", ...defaults]],
    ["managed, Terway", { plugin: "terway" }, [...platform, "terway-eniip", ...defaults]],
    ["dedicated", { kind: "dedicated" }, [...platform, "flannel", ...defaults, "nginx-ingress-controller"]],
    ["monitored", { monitoring: true }, [...platform, "flannel", ...defaults, "cloudmonitor-agent"]],
  ])("%s", (_, more, names) => {
    expect(installed(more)).toEqual(names);
  });
});

describe("what is asked for", () => {
  it("comes first, in its order, with its settings and the version it asks for", () => {
    const requested = [
      asked("logtail-ds", { config: '{"IngressDashboardEnabled":"true"}' }),
      asked("csi-plugin", { version: "v9" }),
    ];
    expect(effectiveAddons(wishes({ requested })).slice(0, 3)).toEqual([
      {
        name: "logtail-ds",
        version: "v0.16.62.2-96b2fca-aliyun",
        config: '{"IngressDashboardEnabled":"true"}',
        disabled: false,
      },
      { name: "csi-plugin", version: "v9", config: "", disabled: false },
      { name: "coredns", version: "v1.7.0.0-f59c03d-aliyun", config: "", disabled: false },
    ]);
  });

  it.each<[string, Partial<AddonWishes>]>([
    ["a default", { requested: [asked("csi-plugin")] }],
    ["a default under another name", { requested: [asked("managed-csiprovisioner")] }],
    ["the platform's own", { requested: [asked("coredns")] }],
    ["the ingress of a dedicated cluster", { kind: "dedicated", requested: [asked("nginx-ingress-controller")] }],
  ])("is not installed twice: %s", (_, more) => {
    const names = installed(more);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each<[string, Partial<AddonWishes>]>([
    ["nginx-ingress-controller", { kind: "dedicated" }],
    ["nginx-ingress-controller", { kind: "managed" }],
    ["ack-node-problem-detector", {}],
    ["csi-plugin", {}],
    ["cloudmonitor-agent", { monitoring: true }],
  ])("stays out where it is disabled, and is still known: %s %o", (name, more) => {
    const requested = [asked(name, { disabled: true })];
    expect(installed({ ...more, requested })).not.toContain(name);
    expect(effectiveAddons(wishes({ ...more, requested }))[0]).toMatchObject({ name, disabled: true });
  });

  it.each(platform)("cannot disable the platform's own %s", (name) => {
    expect(installed({ requested: [asked(name, { disabled: true })] })).toContain(name);
  });

  it("replaces a default that stands against it", () => {
    expect(installed({ requested: [asked("flexvolume")] })).toEqual([
      "flexvolume",
      ...platform,
      "flannel",
      "ack-node-problem-detector",
    ]);
    expect(installed({ plugin: "terway", requested: [asked("terway-eni")] })).not.toContain("terway-eniip");
  });

  it("replaces nothing while it is disabled", () => {
    expect(installed({ requested: [asked("flexvolume", { disabled: true })] })).toContain("csi-plugin");
  });
});

describe("whatever is asked for", () => {
  const requested = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom(...addons.map(({ name }) => name)),
      version: fc.option(fc.constant("v1"), { nil: undefined }),
      config: fc.constant(""),
      disabled: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  );
  const anyWishes = fc.record({
    kind: fc.constantFrom("managed" as const, "dedicated" as const),
    requested,
    plugin: fc.constantFrom("flannel" as const, "terway" as const),
    monitoring: fc.boolean(),
  });

  it("nothing is there twice, everything has a version, and asking for the result again changes nothing", () => {
    fc.assert(
      fc.property(anyWishes, (any) => {
        const result = effectiveAddons(any);
        expect(new Set(result.map(({ name }) => name)).size).toBe(result.length);
        expect(result.map(({ version }) => version)).not.toContain(undefined);
        expect(effectiveAddons({ ...any, requested: result })).toEqual(result);
      }),
    );
  });

  it("no default stands against what is installed", () => {
    fc.assert(
      fc.property(anyWishes, (any) => {
        const wanted = any.requested.flatMap(({ name, disabled }) => (disabled ? [] : [name]));
        const pairs = conflictingAddons(effectiveAddons(any).flatMap(({ name, disabled }) => (disabled ? [] : [name])));
        expect(pairs).toEqual(conflictingAddons(wanted));
      }),
    );
  });
});

describe("add-ons that cannot be in the same cluster", () => {
  it.each<[string[], [string, string][]]>([
    [["flannel", "csi-plugin", "csi-provisioner", "logtail-ds"], []],
    [["terway-eniip", "terway-controlplane"], []],
    [["terway", "terway-eniip"], []],
    [["flannel", "terway-eniip"], [["flannel", "terway-eniip"]]],
    [["terway", "kube-flannel-ds"], [["terway", "kube-flannel-ds"]]],
    [["terway-eni", "terway-eniip"], [["terway-eni", "terway-eniip"]]],
    [["flexvolume", "csi-plugin"], [["flexvolume", "csi-plugin"]]],
    [["managed-csiprovisioner", "flexvolume"], [["managed-csiprovisioner", "flexvolume"]]],
    [["loongcollector", "logtail-ds"], [["loongcollector", "logtail-ds"]]],
    [["unknown", "flannel"], []],
  ])("%j: %j", (names, pairs) => {
    expect(conflictingAddons(names)).toEqual(pairs);
  });
});
