import { expect, test } from "vitest";
import { buildProgress } from "./build.ts";

/** Lines as `make WHAT="cmd/kube-apiserver …" GOFLAGS=-v` prints them, and what is told of each. */
const lines: [line: string, message: string | undefined][] = [
  ["net", "Compiling Kubernetes' code generators: 1 packages done"],
  ["k8s.io/kubernetes/vendor/github.com/spf13/pflag", "Compiling Kubernetes' code generators: 2 packages done"],
  ["+++ [1122 01:06:03] Building go targets for linux/amd64:", undefined],
  ["    ./vendor/k8s.io/code-generator/cmd/prerelease-lifecycle-gen", undefined],
  ["k8s.io/kubernetes/vendor/golang.org/x/mod/semver", "Compiling Kubernetes' code generators: 3 packages done"],
  ["Generating openapi code ...", undefined],
  ["+++ [1122 01:07:02] Building go targets for linux/amd64:", undefined],
  ["    cmd/kube-apiserver", undefined],
  ["    cmd/kube-controller-manager", undefined],
  ["    cmd/kube-scheduler", undefined],
  ["vendor/golang.org/x/crypto/cryptobyte/asn1", "Compiling Kubernetes: 1 packages done"],
  ["k8s.io/kubernetes/vendor/k8s.io/klog/v2", "Compiling Kubernetes: 2 packages done"],
  ["make[1]: Nothing to be done for 'all'.", undefined],
  ["", undefined],
];

test("each package that Go names is progress of its step", () => {
  const message = buildProgress();
  expect(lines.map(([line]) => [line, message(line)])).toEqual(lines);
});
