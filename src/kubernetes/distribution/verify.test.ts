import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { fakeExecutable, writeFakeExecutables } from "./testing/fake-executables.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { requireDurableEtcd, verifyExecutables } from "./verify.ts";

const versions = { version: "1.20.2", etcdVersion: "3.4.23" };

test("gives the versions that the executables tell", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), versions);
  expect(await verifyExecutables(executables)).toEqual(versions);
});

test("an executable that cannot run is named", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), versions);
  writeFileSync(executables["kube-scheduler"], "\x7fELF not really");
  await expect(verifyExecutables(executables)).rejects.toThrow(
    `${executables["kube-scheduler"]} does not run on this machine`,
  );
});

test("an executable that ends badly is named, with what it said", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), versions);
  writeFileSync(executables.etcd, "#!/bin/sh\necho no such library; exit 127\n");
  await expect(verifyExecutables(executables)).rejects.toThrow(/etcd does not run on this machine: .*no such library/);
});

test("an executable without a version is named", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), versions);
  writeFileSync(executables.kubectl, "#!/bin/sh\necho hello\n");
  await expect(verifyExecutables(executables)).rejects.toThrow(
    'kubectl does not tell its version (it printed "hello")',
  );
});

test("components of different minors are refused", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), versions);
  writeFileSync(executables["kube-scheduler"], fakeExecutable("kube-scheduler", { ...versions, version: "1.21.0" }));
  await expect(verifyExecutables(executables)).rejects.toThrow(
    "the executables are of different Kubernetes versions (kube-apiserver 1.20.2, kube-controller-manager 1.20.2, kube-scheduler 1.21.0)",
  );
});

test("an etcd that can lose a write is refused, saying why", async () => {
  const executables = writeFakeExecutables(temporaryFolder(), { ...versions, etcdVersion: "3.4.20" });
  await expect(verifyExecutables(executables)).rejects.toThrow(
    `${executables.etcd} is etcd 3.4.20, which can lose a write that it has acknowledged when a single member crashes; use 3.4.21, 3.5.5 or newer`,
  );
});

test.each(["3.4.21", "3.4.100", "3.5.5", "3.5.24", "3.6.0", "3.10.0", "4.0.0"])("etcd %s is accepted", (version) => {
  expect(() => requireDurableEtcd(version, "etcd")).not.toThrow();
});

test.each(["2.3.8", "3.3.27", "3.4.9", "3.4.20", "3.5.0", "3.5.4"])("etcd %s is refused", (version) => {
  expect(() => requireDurableEtcd(version, "etcd")).toThrow("can lose a write");
});
