import { describe, expect, it } from "vitest";
import { addonBuilders } from "./builders.ts";
import type { InstalledAddon } from "./cluster-content.ts";
import { addonLabel, clusterObjects } from "./cluster-objects.ts";
import { type KubernetesObject, objectPath } from "./kubernetes-object.ts";
import { exampleAddon, managedPlan } from "./testing/example-content.ts";
import { dataOf, findObject, version as kubernetesVersion } from "./testing/find-object.ts";

const withAddons = (...addons: InstalledAddon[]) => managedPlan({ content: { addons } });
const addonOf = ({ metadata }: KubernetesObject) => metadata.labels?.[addonLabel];

describe("every add-on", () => {
  const rows = [...addonBuilders.keys()].map((name) => [name] as const);

  it.each(rows)("%s has objects, each once, which bear its name", (name) => {
    const objects = clusterObjects(withAddons(exampleAddon(name)), kubernetesVersion).filter(
      (object) => addonOf(object) === name,
    );
    expect(objects.length).toBeGreaterThan(0);
    expect(new Set(objects.map(objectPath)).size).toBe(objects.length);
    for (const { metadata } of objects) expect(metadata.labels?.["app.kubernetes.io/managed-by"]).toBe("sampan");
  });

  it.each(rows)("%s shows its settings, the unknown ones included", (name) => {
    const config = { Colour: "blue", "any key": { deep: [1, true] } };
    const { version, config: text = "" } = dataOf(
      withAddons(exampleAddon(name, config)),
      `addon-${name.replace("_", "-")}`,
    );
    expect(version).toBe("v1.2.3");
    expect(JSON.parse(text)).toEqual(config);
  });

  it.each(rows)("%s has no objects where it is not installed", (name) => {
    const without = clusterObjects(withAddons(), kubernetesVersion);
    expect(without.filter((object) => addonOf(object) === name)).toEqual([]);
  });

  it("together have no object twice, but for those that exclude each other", () => {
    const rivals = ["terway-eniip", "terway-eni", "flexvolume", "alicloud-disk-controller", "loongcollector"];
    const addons = [...addonBuilders.keys()].filter((name) => !rivals.includes(name)).map((name) => exampleAddon(name));
    const paths = clusterObjects(withAddons(...addons), kubernetesVersion).map(objectPath);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("is kept where it is of another catalogue", () => {
    expect(dataOf(withAddons(exampleAddon("from-tomorrow")), "addon-from-tomorrow").config).toBe("{}");
  });
});

describe("the settings of add-ons", () => {
  it.each<[string, unknown, string]>([
    ["a text", "intranet", "intranet"],
    ["nothing", undefined, "internet"],
    ["null", null, "internet"],
    ["an empty text", "", "internet"],
  ])("may be %s", (_, ingressSlbNetworkType, type) => {
    const plan = withAddons(exampleAddon("nginx-ingress-controller", { IngressSlbNetworkType: ingressSlbNetworkType }));
    expect(findObject(plan, "Service kube-system/nginx-ingress-lb").metadata.annotations).toEqual({
      "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": type,
    });
  });

  it.each<[unknown, boolean]>([
    ["true", true],
    [true, true],
    ["True", true],
    ["false", false],
    [false, false],
    [undefined, false],
  ])("%j switches trunking to %s", (eniTrunking, on) => {
    const data = dataOf(withAddons(exampleAddon("terway-eni", { ENITrunking: eniTrunking })), "eni-config");
    expect(JSON.parse(data.eni_conf ?? "")).toMatchObject({ enable_eni_trunking: on });
  });

  it.each([
    ["v1 beta/2", ":v1-beta-2"],
    ["", ""],
  ])("may be a version that is no image's tag: %j", (version, tag) => {
    const addon = { ...exampleAddon("storage-operator"), version };
    expect(findObject(withAddons(addon), "Deployment kube-system/storage-operator")).toMatchObject({
      spec: {
        template: {
          spec: { containers: [{ image: `registry-vpc.cn-zhangjiakou.aliyuncs.com/acs/storage-operator${tag}` }] },
        },
      },
    });
  });
});

describe("the address of the DNS", () => {
  it.each([
    ["10.0.0.0/16", "10.0.0.10"],
    ["172.21.0.0/20", "172.21.0.10"],
    ["192.168.0.16/28", "192.168.0.26"],
    ["192.168.0.8/29", "192.168.0.14"],
  ])("%s: %s", (serviceCidr, clusterIP) => {
    const plan = managedPlan({ network: { serviceCidr } });
    expect(findObject(plan, "Service kube-system/kube-dns").spec).toMatchObject({ clusterIP });
  });
});
