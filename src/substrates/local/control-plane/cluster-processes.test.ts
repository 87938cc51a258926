import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClusterPlan } from "../../substrate.ts";
import { examplePlan, threeMembers } from "../../testing/example-plan.ts";
import { clusterSite } from "../site/site.ts";
import { type ClusterProcess, type ClusterRun, clusterProcesses, pidFilesUnder } from "./cluster-processes.ts";

const id = "0123456789abcdef0123456789abcdef";
const folder = `/home/sampan/clusters/${id}`;
const { apiServer } = examplePlan();
const nobody = { ca: "", cert: "", key: "" };
const three = threeMembers();
const inner = { apiServer: { ...apiServer, publicEndpoint: false } };

function runOf(more: Partial<ClusterPlan> = {}): ClusterRun {
  const executables = {
    etcd: "/k8s/etcd",
    "kube-apiserver": "/k8s/kube-apiserver",
    "kube-controller-manager": "/k8s/kube-controller-manager",
    "kube-scheduler": "/k8s/kube-scheduler",
    kubectl: "/k8s/kubectl",
  };
  return {
    site: clusterSite("/home/sampan", examplePlan({ id, ...more }), "127.64.5"),
    distribution: { version: "1.20.2", etcdVersion: "3.4.23", source: "path", directory: "/k8s", executables },
    access: { ca: nobody, "etcd-ca": nobody },
  };
}

const titlesOf = (processes: ClusterProcess[]) => processes.map(({ spec, title }) => [spec.name, title]);

describe("the components", () => {
  test("of one member are called by their plain names", () => {
    expect(titlesOf(clusterProcesses(runOf(), ["etcd", "kube-scheduler"]))).toEqual([
      ["member-1/etcd", "etcd"],
      ["member-1/kube-scheduler", "kube-scheduler"],
    ]);
  });

  test("of three members are told apart by the member", () => {
    expect(titlesOf(clusterProcesses(runOf(three), ["etcd"]))).toEqual([
      ["member-1/etcd", "etcd of member-1"],
      ["member-2/etcd", "etcd of member-2"],
      ["member-3/etcd", "etcd of member-3"],
    ]);
  });

  test("run in the cluster's folder, with their own executable, log, pid file and time zone", () => {
    const [etcd] = clusterProcesses(runOf(), ["etcd"]);
    expect(etcd?.spec).toMatchObject({
      name: "member-1/etcd",
      folder,
      executable: "/k8s/etcd",
      logFile: `${folder}/member-1/logs/etcd.log`,
      pidFile: `${folder}/member-1/run/etcd.pid`,
      env: { HOME: folder, TZ: "Asia/Shanghai" },
    });
    expect(etcd?.spec.args).toContain(`--data-dir=${folder}/member-1/etcd`);
  });
});

describe("the forwarder", () => {
  const at = (address: string) => ({ address, port: 6443 });

  test.each([
    ["one member and a public endpoint", {}, ["127.64.5.1"], ["127.64.5.3"]],
    [
      "three members and a public endpoint",
      three,
      ["127.64.5.1", "127.64.5.3"],
      ["127.64.5.11", "127.64.5.12", "127.64.5.13"],
    ],
    [
      "three members and no public endpoint",
      { ...three, ...inner },
      ["127.64.5.3"],
      ["127.64.5.11", "127.64.5.12", "127.64.5.13"],
    ],
  ])("of %s is told where to listen and where to pass on", (_, plan, listeners, members) => {
    const [forwarder] = clusterProcesses(runOf(plan), ["forwarder"]);
    expect(titlesOf(forwarder ? [forwarder] : [])).toEqual([["endpoint/forwarder", "endpoint forwarder"]]);
    expect(JSON.parse(forwarder?.spec.args.at(-1) ?? "")).toEqual({
      listeners: listeners.map(at),
      members: members.map(at),
      health: { address: "127.64.5.3", port: 6444 },
    });
  });

  test("is not there where one member has no public endpoint", () => {
    expect(clusterProcesses(runOf(inner), ["forwarder"])).toEqual([]);
  });

  test("has a folder of its own beside the members'", () => {
    expect(clusterProcesses(runOf(), ["forwarder"])[0]?.spec).toMatchObject({
      folder,
      executable: process.execPath,
      logFile: `${folder}/endpoint/logs/forwarder.log`,
      pidFile: `${folder}/endpoint/run/forwarder.pid`,
      env: { HOME: folder },
    });
  });
});

describe("pid files", () => {
  let clusters: string;
  beforeEach(async () => {
    clusters = await mkdtemp(join(tmpdir(), "sampan-clusters-"));
    for (const [part, name] of [
      ["a/member-1", "etcd"],
      ["a/member-2", "etcd"],
      ["a/endpoint", "forwarder"],
      ["b/member-1", "kube-scheduler"],
    ]) {
      mkdirSync(join(clusters, `${part}/run`), { recursive: true });
      writeFileSync(join(clusters, `${part}/run/${name}.pid`), "");
    }
  });
  afterEach(() => rm(clusters, { recursive: true }));

  test("are found below a cluster's folder", async () => {
    const found = [...(await pidFilesUnder(join(clusters, "a")))].toSorted();
    expect(found).toEqual([
      ["endpoint/forwarder", join(clusters, "a/endpoint/run/forwarder.pid")],
      ["member-1/etcd", join(clusters, "a/member-1/run/etcd.pid")],
      ["member-2/etcd", join(clusters, "a/member-2/run/etcd.pid")],
    ]);
  });

  test("are found below the folder of all clusters", async () => {
    const found = [...(await pidFilesUnder(clusters)).keys()].toSorted();
    expect(found).toEqual(["a/endpoint/forwarder", "a/member-1/etcd", "a/member-2/etcd", "b/member-1/kube-scheduler"]);
  });

  test("of no folder are none", async () => {
    expect(await pidFilesUnder(join(clusters, "gone"))).toEqual(new Map());
  });
});
