import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Distribution } from "../../kubernetes/distribution/distribution.ts";
import type { ClusterRecord } from "../substrate.ts";
import {
  clusterSite,
  endpointUrl,
  logFileOf,
  memberComponents,
  nameOf,
  pidFilesUnder,
  processSpec,
  requireSite,
  titleOf,
} from "./cluster-site.ts";
import { examplePlan } from "./testing/example-plan.ts";

const id = "0123456789abcdef0123456789abcdef";
const one = clusterSite("/home/sampan", examplePlan({ id }), "127.64.5");
const memberAddresses = ["192.168.0.11", "192.168.0.12", "192.168.0.13"];
const { network } = examplePlan();
const three = clusterSite(
  "/home/sampan",
  examplePlan({ id, members: 3, network: { ...network, memberAddresses } }),
  "127.64.5",
);
const distribution: Distribution = {
  version: "1.20.2",
  etcdVersion: "3.4.23",
  source: "path",
  directory: "/k8s",
  executables: {
    etcd: "/k8s/etcd",
    "kube-apiserver": "/k8s/kube-apiserver",
    "kube-controller-manager": "/k8s/kube-controller-manager",
    "kube-scheduler": "/k8s/kube-scheduler",
    kubectl: "/k8s/kubectl",
  },
};

describe("a cluster of one member", () => {
  test("has its API server at the endpoint and everything else at the member's address", () => {
    expect(one.controlPlane.members).toEqual([
      {
        name: "member-1",
        address: "127.64.5.11",
        apiServerAddress: "127.64.5.1",
        vpcAddress: "192.168.0.11",
        directory: `/home/sampan/clusters/${id}/member-1`,
      },
    ]);
    expect(endpointUrl(one)).toBe("https://127.64.5.1:6443");
  });

  test("calls its components by their plain names", () => {
    const titles = memberComponents(one, ["etcd", "kube-scheduler"]).map((part) => titleOf(one, part));
    expect(titles).toEqual(["etcd", "kube-scheduler"]);
  });
});

describe("a cluster of three members", () => {
  test("has an API server at each member's own address", () => {
    const addresses = three.controlPlane.members.map(({ name, apiServerAddress, vpcAddress }) => [
      name,
      apiServerAddress,
      vpcAddress,
    ]);
    expect(addresses).toEqual([
      ["member-1", "127.64.5.11", "192.168.0.11"],
      ["member-2", "127.64.5.12", "192.168.0.12"],
      ["member-3", "127.64.5.13", "192.168.0.13"],
    ]);
  });

  test("has each component once a member, told apart by the member", () => {
    const parts = memberComponents(three, ["etcd"]);
    expect(parts.map(nameOf)).toEqual(["member-1/etcd", "member-2/etcd", "member-3/etcd"]);
    expect(parts.map((part) => titleOf(three, part))).toEqual([
      "etcd of member-1",
      "etcd of member-2",
      "etcd of member-3",
    ]);
  });

  test("must have a VPC address for each", () => {
    expect(() => clusterSite("/home/sampan", examplePlan({ members: 3 }), "127.64.5")).toThrow(
      "The cluster has 3 members, but only 1 VPC addresses for them.",
    );
  });
});

test("a component runs in the cluster's folder, with its own executable, log, pid file and time zone", () => {
  const [part] = memberComponents(one, ["etcd"]);
  const spec = processSpec(one, part as NonNullable<typeof part>, distribution);
  const member = `/home/sampan/clusters/${id}/member-1`;
  expect(spec).toMatchObject({
    name: "member-1/etcd",
    folder: `/home/sampan/clusters/${id}`,
    executable: "/k8s/etcd",
    logFile: `${member}/logs/etcd.log`,
    pidFile: `${member}/run/etcd.pid`,
    env: { HOME: `/home/sampan/clusters/${id}`, TZ: "Asia/Shanghai" },
  });
  expect(spec.args).toContain(`--data-dir=${member}/etcd`);
  expect(logFileOf(part as NonNullable<typeof part>)).toBe(spec.logFile);
});

test("a cluster without a network has no place, and the error names it", () => {
  const record = { plan: examplePlan({ name: "shop" }), state: { network: null } } as unknown as ClusterRecord;
  expect(() => requireSite("/home/sampan", record)).toThrow("Cluster shop has no addresses on this machine");
});

describe("pid files", () => {
  let clusters: string;
  beforeEach(async () => {
    clusters = await mkdtemp(join(tmpdir(), "sampan-clusters-"));
    for (const [member, component] of [
      ["a/member-1", "etcd"],
      ["a/member-2", "etcd"],
      ["b/member-1", "kube-scheduler"],
    ]) {
      mkdirSync(join(clusters, `${member}/run`), { recursive: true });
      writeFileSync(join(clusters, `${member}/run/${component}.pid`), "");
    }
  });
  afterEach(() => rm(clusters, { recursive: true }));

  test("are found below a cluster's folder", async () => {
    const found = [...(await pidFilesUnder(join(clusters, "a")))].toSorted();
    expect(found).toEqual([
      ["member-1/etcd", join(clusters, "a/member-1/run/etcd.pid")],
      ["member-2/etcd", join(clusters, "a/member-2/run/etcd.pid")],
    ]);
  });

  test("are found below the folder of all clusters", async () => {
    const found = [...(await pidFilesUnder(clusters)).keys()].toSorted();
    expect(found).toEqual(["a/member-1/etcd", "a/member-2/etcd", "b/member-1/kube-scheduler"]);
  });

  test("of no folder are none", async () => {
    expect(await pidFilesUnder(join(clusters, "gone"))).toEqual(new Map());
  });
});
