import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scriptedDistribution } from "./support/scripted-distribution.ts";
import { allClusters, createCluster, endOf, smallBody } from "./support/sdk.ts";
import { type Settings, startService, type TestService } from "./support/service.ts";

/** Nothing listens on this port of the loopback interface: what is looked for there is out of reach. */
const nowhere = "http://127.0.0.1:1";

/** No network: the mirrors of releases and of Debian, and the Go module proxy, are out of reach. */
async function withoutNetwork(folder: string): Promise<Settings> {
  const aptConfiguration = join(folder, "apt.conf");
  const proxies = ["http", "https"].map((scheme) => `Acquire::${scheme}::Proxy "${nowhere}";\n`);
  await writeFile(aptConfiguration, proxies.join(""));
  return {
    APT_CONFIG: aptConfiguration,
    GOPROXY: "off",
    PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
    SAMPAN_KUBERNETES_RELEASE_URL: nowhere,
    SAMPAN_ETCD_RELEASE_URL: nowhere,
    SAMPAN_DISTRIBUTION_DIR: join(folder, "cache"),
    SAMPAN_DISTRIBUTION_PATH: "",
  };
}

let service: TestService;

describe("without a network and with nothing cached", () => {
  beforeAll(async () => {
    service = await startService(withoutNetwork);
  });

  afterAll(() => service?.dispose());

  test("the creation fails with what was tried and what to do, and the service goes on", async () => {
    const { client } = service;
    const cluster = await createCluster(client, smallBody("nowhere", { kubernetes_version: "1.20.4-aliyun.1" }));
    // It serves while it looks for executables.
    expect((await allClusters(client)).map(({ state }) => state)).toEqual([expect.stringMatching(/initial|failed/)]);
    const { state, error } = await endOf(client, cluster);
    expect(state).toBe("fail");
    const message = error?.message ?? "";
    expect(message).toContain("No distribution of Kubernetes 1.20.4 could be had.");
    for (const source of ["path: PATH lacks", "release: ", "go: ", "debian: "]) expect(message).toContain(source);
    for (const wayOut of ["SAMPAN_DISTRIBUTION_PATH", "SAMPAN_KUBERNETES_RELEASE_URL", "a Debian 12 mirror"])
      expect(message).toContain(wayOut);
    expect((await client.describeClusterDetail(cluster.clusterId)).body?.state).toBe("failed");
    const log = (await client.describeClusterLogs(cluster.clusterId)).body?.map(({ clusterLog }) => clusterLog);
    expect(log?.join("\n")).toContain("No distribution of Kubernetes 1.20.4 could be had.");
    // Nothing half-made is kept.
    const cache = await readdir(join(service.folder, "cache"));
    expect(cache.filter((name) => /^\.(staging|discarded)/.test(name))).toEqual([]);
  });
});

describe("with another version than the one asked for", () => {
  beforeAll(async () => {
    service = await startService(async (folder) => {
      await mkdir(folder, { recursive: true });
      const path = await scriptedDistribution(join(folder, "executables"), {});
      return { ...(await withoutNetwork(folder)), SAMPAN_DISTRIBUTION_PATH: path, SAMPAN_VERSION_POLICY: "strict" };
    });
  });

  afterAll(() => service?.dispose());

  test("SAMPAN_VERSION_POLICY=strict refuses it, and the task names the version", async () => {
    const cluster = await createCluster(service.client, smallBody("strict", { kubernetes_version: "1.18.8-aliyun.1" }));
    const { state, error } = await endOf(service.client, cluster);
    expect(state).toBe("fail");
    expect(error?.message).toContain("No distribution of Kubernetes 1.18.8 could be had.");
  });
});
