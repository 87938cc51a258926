import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { writeFakeExecutables } from "../testing/fake-executables.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { locateExecutables } from "./path.ts";

const versions = { version: "1.20.2", etcdVersion: "3.4.23" };

test("finds the executables in the named folder", () => {
  const path = temporaryFolder();
  const written = writeFakeExecutables(path, versions);
  expect(locateExecutables({ path }, "/usr/bin")).toEqual(written);
});

test("finds them on PATH, in several folders, the earlier first", () => {
  const one = temporaryFolder();
  const other = temporaryFolder();
  writeFakeExecutables(one, versions, ["etcd", "kubectl"]);
  writeFakeExecutables(other, versions);
  expect(locateExecutables({}, ["/nowhere", one, other].join(delimiter))).toEqual({
    etcd: join(one, "etcd"),
    kubectl: join(one, "kubectl"),
    "kube-apiserver": join(other, "kube-apiserver"),
    "kube-controller-manager": join(other, "kube-controller-manager"),
    "kube-scheduler": join(other, "kube-scheduler"),
  });
});

test("a link to an executable counts", () => {
  const real = temporaryFolder();
  const path = temporaryFolder();
  const written = writeFakeExecutables(real, versions);
  for (const [name, target] of Object.entries(written)) symlinkSync(target, join(path, name));
  expect(locateExecutables({ path }, "").etcd).toBe(join(path, "etcd"));
});

test("says which are missing; what is not executable, or a folder, is missing too", () => {
  const path = temporaryFolder();
  const written = writeFakeExecutables(path, versions, ["kubectl", "kube-apiserver", "kube-scheduler"]);
  writeFileSync(join(path, "etcd"), "text");
  mkdirSync(join(path, "kube-controller-manager"));
  chmodSync(written.kubectl, 0o755);
  expect(() => locateExecutables({ path }, "")).toThrow(
    `the folder ${path}, named by SAMPAN_DISTRIBUTION_PATH, lacks etcd, kube-controller-manager`,
  );
  expect(() => locateExecutables({}, path)).toThrow("PATH lacks etcd, kube-controller-manager");
});

test("relative folders of PATH are passed over", () => {
  expect(() => locateExecutables({}, "bin:.")).toThrow("PATH lacks etcd");
});
