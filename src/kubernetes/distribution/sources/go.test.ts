import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished, test, vi } from "vitest";
import { type InstallContext, installDistribution } from "../install.ts";
import { architecture, findExecutable } from "../machine.ts";
import { publishEtcdModules, publishKubernetesModule, publishModule } from "../testing/go-proxy.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { newestOfMinors } from "./go/borrowed-go.ts";
import { compileProgress } from "./go/compile.ts";
import { goSource } from "./go.ts";

const hasGo = findExecutable("go", process.env.PATH ?? "") !== undefined;
const tools = (process.env.PATH ?? "").split(delimiter);

let proxy: string;
let directory: string;
let messages: string[];
beforeEach(() => {
  proxy = temporaryFolder();
  directory = temporaryFolder();
  messages = [];
  vi.stubEnv("GOPROXY", `file://${proxy}`);
  vi.stubEnv("GOSUMDB", "off");
  vi.stubEnv("GOFLAGS", "");
  onTestFinished(() => void vi.unstubAllEnvs());
});

const options = () => ({ directory, kubernetesReleaseUrl: "http://127.0.0.1:1", etcdReleaseUrl: "http://127.0.0.1:1" });
const install = (version: string | undefined, more: Partial<InstallContext> = {}) =>
  installDistribution(options(), version, {
    ...more,
    sources: [goSource],
    report: (message) => void messages.push(message),
  });
/** What is in the cache, but for the lock. */
const kept = () => readdirSync(directory).filter((name) => name !== ".lock");

function publishBoth() {
  publishKubernetesModule(proxy, "1.98.4", "3.9.1");
  publishKubernetesModule(proxy, "1.99.1", "3.9.1");
  for (const version of ["3.8.9", "3.9.1", "3.9.2"]) publishEtcdModules(proxy, version);
}

describe.skipIf(!hasGo)("from Go modules (skipped where there is no Go)", () => {
  it("builds the newest Kubernetes that the proxy lists, with the newest etcd of the line that it names", async () => {
    publishBoth();
    const { version, etcdVersion, source, executables } = await install(undefined, { withTools: true });
    expect({ version, etcdVersion, source }).toEqual({ version: "1.99.1", etcdVersion: "3.9.2", source: "go" });
    for (const [name, word] of [
      ["kube-apiserver", "Kubernetes"],
      ["kubectl", "Client Version:"],
    ] as const) {
      const says = execFileSync(executables[name], { encoding: "utf8" });
      expect(says).toBe(`${word} v1.99.1 0123456789abcdef0123456789abcdef01234567 2026-10-27T12:01:04Z\n`);
    }
    expect(readdirSync(join(directory, "1.99.1-go", "bin")).sort()).toEqual(
      ["etcd", "etcdctl", "etcdutl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"].sort(),
    );
    expect(kept()).toEqual(["1.99.1-go"]);
    expect(messages).toContainEqual(
      expect.stringMatching(
        /^This takes about 11 min on two cores, up to 6\.0 GB of disk \(.* are free\) and 3\.0 GB of memory/,
      ),
    );
    expect(messages).toContainEqual(expect.stringMatching(/^Compiling Kubernetes 1\.99\.1: \d+ of \d+ packages$/));
  });

  it("gives the same bytes when it builds a version again, with or without what a compiler has made before", async () => {
    publishBoth();
    const bytes = async (keepCache: boolean) => {
      const { executables } = await install("1.98", { keepCache });
      // What no cluster needs is built for users alone.
      expect(readdirSync(join(directory, "1.98.4-go", "bin"))).toHaveLength(5);
      const read = Object.values(executables).map((path) => readFileSync(path));
      rmSync(join(directory, "1.98.4-go"), { recursive: true });
      return read;
    };
    const first = await bytes(true);
    expect(existsSync(join(directory, ".go-cache"))).toBe(true);
    const [again, anew] = [await bytes(true), await bytes(false)];
    for (const [index, one] of first.entries()) {
      expect(one.equals(again[index] ?? Buffer.alloc(0))).toBe(true);
      expect(one.equals(anew[index] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it("says which version the proxy does not list", async () => {
    publishBoth();
    await expect(install("1.97")).rejects.toThrow("go: the proxy does not list Kubernetes 1.97");
  });

  it("says which module the proxy refuses, and keeps nothing", async () => {
    publishBoth();
    rmSync(join(proxy, "k8s.io/client-go"), { recursive: true });
    await expect(install("1.99.1")).rejects.toThrow(
      /go: the modules that Kubernetes needs cannot be had: .*k8s\.io\/client-go@v0\.99\.1/,
    );
    expect(kept()).toEqual([]);
  });

  it("says what does not compile, and keeps nothing", async () => {
    publishBoth();
    publishModule(proxy, "go.etcd.io/etcd/etcdctl/v3", "3.9.3", {
      "go.mod": "module go.etcd.io/etcd/etcdctl/v3\n\ngo 1.21\n",
      "main.go": "package main\n\nfunc main() { nonsense }\n",
    });
    publishEtcdModules(proxy, "3.9.3", ["server", "etcdutl"]);
    await expect(install("1.99.1", { withTools: true })).rejects.toThrow(
      /go: etcd 3\.9\.3 cannot be compiled: .*undefined: nonsense/,
    );
    expect(kept()).toEqual([]);
  });

  it("says which module is damaged, and keeps nothing", async () => {
    publishKubernetesModule(proxy, "1.99.2", "3.9.1");
    const zip = join(proxy, "k8s.io/kubernetes/@v/v1.99.2.zip");
    writeFileSync(zip, "no archive");
    await expect(install("1.99.2")).rejects.toThrow(
      /go: the Go module k8s\.io\/kubernetes v1\.99\.2 cannot be had: .*zip/,
    );
    expect(kept()).toEqual([]);
  });

  it("ends at once when it is interrupted, and keeps nothing", async () => {
    publishBoth();
    const interruption = new AbortController();
    const installing = installDistribution(options(), "1.99.1", {
      sources: [goSource],
      signal: interruption.signal,
      report(message) {
        if (message.startsWith("Compiling")) interruption.abort(new Error("the task was cancelled"));
      },
    });
    await expect(installing).rejects.toThrow("the task was cancelled");
    expect(kept()).toEqual([]);
  });

  it("says that there is no proxy", async () => {
    vi.stubEnv("GOPROXY", "off");
    await expect(install(undefined)).rejects.toThrow(
      /go: the versions of the Go module k8s\.io\/kubernetes cannot be listed: .*module lookup disabled by GOPROXY=off/,
    );
  });
});

/** A PATH with a `go` that says of itself what a test wants. */
function fakeGo(version: string): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "go"), `#!/bin/sh\nprintf '${version}\\n\\n'\n`);
  chmodSync(join(folder, "go"), 0o755);
  vi.stubEnv("PATH", [folder, ...tools].join(delimiter));
}

test.skipIf(!hasGo)("a Go that is too old to fetch a newer one is passed over for the next", async () => {
  fakeGo("go1.20.14");
  vi.stubEnv("GOPROXY", "off");
  await expect(install(undefined)).rejects.toThrow(/module lookup disabled by GOPROXY=off/);
});

test("what is older than Go modules can be built of is refused before a Go is looked for", async () => {
  fakeGo("go1.20.14");
  await expect(install("1.28")).rejects.toThrow("go: what is older than 1.29 does not compile with a Go of today");
});

test("of the toolchains that a proxy lists, the newest patches of the newest minor versions are tried", () => {
  const here = (version: string) => `v0.0.1-go${version}.linux-${architecture()}`;
  const words = ["1.26.8", "1.25.1", "1.26.10", "1.9.2", "1.27.0", "1.24.3"].map(here);
  const line = ["golang.org/toolchain", ...words, "v0.0.1-go1.28.0.plan9-386", "v0.0.1-go1.28rc1.linux-amd64"].join(
    " ",
  );
  expect(newestOfMinors(["go: downloading", line])).toEqual(["1.27.0", "1.26.10", "1.25.1"]);
});

describe("progress", () => {
  it("counts packages, and guesses what is left once there is something to guess from", () => {
    let now = 0;
    const message = compileProgress("Compiling Kubernetes 1.99.1", 100, () => now);
    expect(message("errors")).toBe("Compiling Kubernetes 1.99.1: 1 of 100 packages");
    expect(message("go: downloading example.com/x v1.0.0")).toBeUndefined();
    now = 30_000;
    expect(message("k8s.io/api/core/v1")).toBe("Compiling Kubernetes 1.99.1: 2 of 100 packages, about 25 min left");
    for (let done = 3; done < 100; done++) message("internal/abi");
    now = 60_000;
    expect(message("k8s.io/kubernetes/cmd/kubectl")).toBe("Compiling Kubernetes 1.99.1: 100 of 100 packages");
  });
});
