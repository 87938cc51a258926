import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RoutesUnderTest, serveRoutes } from "../../../../test/support/ack-routes.ts";
import type { Core } from "../../../core/core.ts";
import { versionRoutes } from "./routes.ts";

interface Shown {
  version: string;
  runtimes: { name: string; version: string }[];
  images: { image_type: string }[];
  upgradable_versions: string[];
  meta_data: Record<string, string>;
}

/** Versions are no part of the state. */
const core = {} as Core;
const region = { Region: "cn-beijing", ClusterType: "ManagedKubernetes" };

let routes: RoutesUnderTest;
beforeAll(async () => {
  routes = await serveRoutes(versionRoutes, { core });
});
afterAll(() => routes.close());

const ask = (query: Record<string, string>) => routes.get("/api/v1/metadata/versions", query);
const versions = async (query: Record<string, string>) =>
  ((await ask({ ...region, ...query })).body as Shown[]).map(({ version }) => version);

describe("DescribeKubernetesVersionMetadata", () => {
  it("lists every version, newest first", async () => {
    const all = await versions({});
    expect(all.slice(0, 5)).toEqual([
      ...["1.36.1-aliyun.1", "1.35.1-aliyun.1", "1.34.3-aliyun.1", "1.34.1-aliyun.1", "1.33.3-aliyun.1"],
    ]);
    expect(all.at(-1)).toBe("1.10.4-aliyun.1");
    expect(all).toHaveLength(32);
    for (const mode of ["supported", "creatable", ""])
      expect(await versions({ Mode: mode, Profile: "Default" })).toEqual(all);
    expect(await versions({ ClusterType: "Kubernetes" })).toEqual(all);
  });

  it("shows each with what a client chooses by", async () => {
    const { body } = await ask({ ...region, KubernetesVersion: "1.18.8-aliyun.1" });
    expect(body).toEqual([
      {
        version: "1.18.8-aliyun.1",
        capabilities: expect.objectContaining({ AnyAZ: true }),
        images: [
          {
            ...{ image_id: "centos_7_9_x64_20G_alibase_20221129.vhd", image_name: "CentOS 7.9", platform: "CentOS" },
            ...{ os_version: "7.9", image_type: "CentOS", os_type: "Linux", image_category: "system" },
            architecture: "x86_64",
          },
          expect.objectContaining({ image_type: "AliyunLinux" }),
          expect.objectContaining({ image_type: "Windows", os_type: "Windows" }),
        ],
        runtimes: [
          { name: "docker", version: "19.03.5" },
          { name: "Sandboxed-Container.runv", version: "2.2.0" },
        ],
        meta_data: { KubernetesVersion: "1.18.8-aliyun.1", SubClass: "default" },
        release_date: "2020-09-01T00:00:00Z",
        expiration_date: "2022-09-30T00:00:00Z",
        creatable: true,
        upgradable_versions: [],
      },
    ]);
  });

  it("has no text where a date is not known", async () => {
    const { body } = await ask({ ...region, KubernetesVersion: "1.10" });
    expect(body).toMatchObject([{ release_date: null, expiration_date: null }]);
  });

  it.each([
    ["1.20.4-aliyun.1", ["1.20.4-aliyun.1"]],
    ["1.20.4", ["1.20.4-aliyun.1"]],
    ["1.20", ["1.20.11-aliyun.1", "1.20.4-aliyun.1"]],
    ["1.20.1", ["1.20.1"]],
    ["1.20.7-aliyun.1", ["1.20.7-aliyun.1"]],
    ["1.19.1-aliyun.1", []],
    ["", undefined],
  ])("lists for version %j: %j", async (kubernetesVersion, expected) => {
    const found = await versions({ KubernetesVersion: kubernetesVersion });
    if (expected) expect(found).toEqual(expected);
    else expect(found).toHaveLength(32);
  });

  it.each([
    [
      { KubernetesVersion: "1.20.4-aliyun.1", QueryUpgradableVersion: "true" },
      ["1.20.11-aliyun.1", "1.22.15-aliyun.1"],
    ],
    [{ KubernetesVersion: "1.36.1-aliyun.1", QueryUpgradableVersion: "true" }, []],
    [{ KubernetesVersion: "1.20.4-aliyun.1", QueryUpgradableVersion: "false" }, []],
    [{ KubernetesVersion: "1.20.4-aliyun.1" }, []],
  ])("tells upgrades for %j: %j", async (query, expected) => {
    const { body } = await ask({ ...region, ...(query as Record<string, string>) });
    expect((body as Shown[])[0]?.upgradable_versions).toEqual(expected);
  });

  it("tells no upgrades of versions that are not named", async () => {
    const { body } = await ask({ ...region, QueryUpgradableVersion: "true" });
    for (const { upgradable_versions } of body as Shown[]) expect(upgradable_versions).toEqual([]);
  });

  it("leaves out what has not the runtime", async () => {
    const { body } = await ask({ ...region, runtime: "docker" });
    const shown = body as Shown[];
    expect(shown[0]?.version).toBe("1.22.15-aliyun.1");
    for (const { runtimes } of shown) expect(new Set(runtimes.map(({ name }) => name))).toEqual(new Set(["docker"]));
    expect(shown[0]?.images.map(({ image_type }) => image_type)).not.toContain("ContainerOS");
  });

  it("tells what would really run, where that is known", async () => {
    const asked: string[][] = [];
    const runningVersions = async (requested: readonly string[]) => {
      asked.push([...requested]);
      return new Map([["1.20.4", "1.20.2"]]);
    };
    const knowing = await serveRoutes(versionRoutes, { core, runningVersions });
    const { body } = await knowing.get("/api/v1/metadata/versions", { ...region, KubernetesVersion: "1.20" });
    await knowing.close();
    expect(asked).toEqual([["1.20.11", "1.20.4"]]);
    expect((body as Shown[]).map(({ meta_data }) => meta_data.RunningKubernetesVersion)).toEqual([undefined, "1.20.2"]);
  });

  it.each<[Record<string, string>, string, string]>([
    [{ ClusterType: "Kubernetes" }, "MissingRegion", "Region is mandatory"],
    [{ Region: "cn-beijing" }, "MissingClusterType", "ClusterType is mandatory"],
    [{ Region: "", ClusterType: "Kubernetes" }, "InvalidParameter", "Region"],
    [{ ...region, ClusterType: "Ask" }, "InvalidParameter", "ClusterType"],
    [{ ...region, Mode: "all" }, "InvalidParameter", "Mode"],
    [{ ...region, Profile: "Edge" }, "InvalidParameter", "Profile"],
    [{ ...region, runtime: "runc" }, "InvalidParameter", "runtime"],
    [{ ...region, KubernetesVersion: "newest" }, "InvalidParameter", 'KubernetesVersion "newest" must have the form'],
  ])("refuses %j: %s", async (query, code, message) => {
    const { status, body } = await ask(query);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
