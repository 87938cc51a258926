import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Distribution } from "../kubernetes/distribution/distribution.ts";
import { writeFakeExecutables } from "../kubernetes/distribution/testing/fake-executables.ts";
import { temporaryFolder } from "../kubernetes/distribution/testing/temporary-folder.ts";
import { availableText, distributionCommand, listText, progressLines } from "./distribution.ts";

/** The command with a cache of its own and a folder of fake executables. */
function commandWith({ isTerminal = false } = {}) {
  const directory = temporaryFolder();
  const path = temporaryFolder();
  writeFakeExecutables(path, { version: "1.34.1", etcdVersion: "3.6.8" });
  const unreachable = "http://127.0.0.1:1";
  let written = "";
  const command = distributionCommand(
    () => ({ directory, path, kubernetesReleaseUrl: unreachable, etcdReleaseUrl: unreachable }),
    {
      isTerminal,
      write(text) {
        written += text;
      },
    },
  );
  return {
    directory,
    path,
    output: () => written,
    run: (...words: string[]) => command.parseAsync(words, { from: "user" }),
  };
}

test("install prints each step as a line, and the result", async () => {
  const { run, output, path } = commandWith();
  await run("install");
  expect(output()).toBe(
    `Checking the executables
Kubernetes 1.34.1 with etcd 3.6.8 is ready
Installed: Kubernetes 1.34.1 with etcd 3.6.8 (path) in ${path}
`,
  );
});

test("list shows what is installed as a table", async () => {
  const { run, output, path } = commandWith();
  await run("install", "1.34");
  await run("list");
  expect(output()).toContain(`VERSION  ETCD   SOURCE  FOLDER\n1.34.1   3.6.8  path    ${path}\n`);
});

test("list --json prints the distributions as the program has them", async () => {
  const { run, output, path } = commandWith();
  await run("install");
  await run("list", "--json");
  const json = output().slice(output().indexOf("["));
  expect(JSON.parse(json)).toMatchObject([
    {
      version: "1.34.1",
      etcdVersion: "3.6.8",
      source: "path",
      directory: path,
      executables: { etcd: join(path, "etcd") },
    },
  ]);
});

test("list of an empty cache says how to fill it", async () => {
  const { run, output, directory } = commandWith();
  await run("list");
  expect(output()).toBe(
    `No distribution is installed in ${directory}. Install one with: sampan distribution install\n`,
  );
});

test("list --json of an empty cache is an empty list", async () => {
  const { run, output } = commandWith();
  await run("list", "--json");
  expect(JSON.parse(output())).toEqual([]);
});

test("a failure rejects with the sentence for the user", async () => {
  const { run, path } = commandWith();
  writeFileSync(join(path, "etcd"), "#!/bin/sh\necho etcd Version: 3.4.13\n");
  await expect(run("install")).rejects.toThrow("etcd 3.4.13, which can lose a write");
});

test("a bad version is refused", async () => {
  await expect(commandWith().run("install", "newest")).rejects.toThrow(
    '"newest" is not a Kubernetes version. Write it as 1.20.2 or 1.20.',
  );
});

test("the settings are read when a subcommand runs, not before", async () => {
  const command = distributionCommand(() => {
    throw new Error("SAMPAN_DISTRIBUTION_DIR is bad");
  });
  await expect(command.parseAsync(["list"], { from: "user" })).rejects.toThrow("SAMPAN_DISTRIBUTION_DIR is bad");
});

test("versions of different widths stay in columns", () => {
  const one = { version: "1.9.1", etcdVersion: "3.4.35", source: "release", directory: "/c/1.9.1-release/bin" };
  const other = { version: "1.20.15", etcdVersion: "3.4.9", source: "debian", directory: "/c/1.20.15-debian/bin" };
  expect(listText([one, other] as Distribution[], "/c")).toBe(
    `VERSION  ETCD    SOURCE   FOLDER
1.9.1    3.4.35  release  /c/1.9.1-release/bin
1.20.15  3.4.9   debian   /c/1.20.15-debian/bin
`,
  );
});

describe("progress in a log", () => {
  /** What is written of messages that come at these times, in seconds. */
  function written(messages: readonly (readonly [second: number, message: string])[]): string[] {
    const lines: string[] = [];
    let now = 0;
    const report = progressLines(
      (text) => lines.push(text),
      () => now,
    );
    for (const [second, message] of messages) {
      now = second * 1000;
      report(message);
    }
    return lines;
  }

  test("each step is a line, and of a step that counts up one line in 15 s", () => {
    expect(
      written([
        [0, "Unpacking"],
        [1, "Compiling: 1 packages done"],
        [2, "Compiling: 2 packages done"],
        [15, "Compiling: 90 packages done"],
        [15.9, "Compiling: 91 packages done"],
        [17, "Checking the executables"],
      ]),
    ).toEqual(["Unpacking\n", "Compiling: 1 packages done\n", "Checking the executables\n"]);
    expect(
      written([
        [0, "Compiling: 1"],
        [14.9, "Compiling: 2"],
        [15, "Compiling: 3"],
        [29.9, "Compiling: 4"],
      ]),
    ).toEqual(["Compiling: 1\n", "Compiling: 3\n"]);
  });

  test("an address in a message does not make two steps one", () => {
    expect(
      written([
        [0, "Not from path: PATH lacks etcd"],
        [0, "Not from release: no network"],
      ]),
    ).toHaveLength(2);
  });
});

test("install --from takes that source alone", async () => {
  const { run } = commandWith();
  await expect(run("install", "1.34", "--from", "release")).rejects.toThrow(
    /Tried release: [^:]*http:\/\/127\.0\.0\.1:1/,
  );
});

test("list --available shows a line a version, what it takes, and why there are not more", async () => {
  const costs = { needs: "a Go", minutes: 11, disk: 7e9, memory: 3e9 };
  const free = { needs: "executables on PATH", minutes: 0, disk: 0, memory: 0 };
  const installed = [{ version: "1.36.3", etcdVersion: "3.6.8", source: "go", directory: "/d", executables: {} }];
  const text = availableText(
    [
      { source: "path", costs: free, versions: [], reason: "PATH lacks etcd" },
      { source: "go", costs, versions: ["1.36.3", "1.37.2"] },
    ],
    installed as unknown as Distribution[],
  );
  expect(text).toBe(
    `VERSION  SOURCE  INSTALLED  TAKES
1.37.2   go                 11 min, 7 GB of disk, 3 GB of memory
1.36.3   go      yes        11 min, 7 GB of disk, 3 GB of memory
Not from path, which needs executables on PATH: PATH lacks etcd
`,
  );
});

test("list --available --json prints what every source has", async () => {
  const { run, output } = commandWith();
  await run("list", "--available", "--json");
  const [path] = JSON.parse(output());
  expect(path).toMatchObject({ source: "path", versions: ["1.34.1"], costs: { minutes: 0 } });
});

test("install --all-supported installs every version that can be had, and takes none by name", async () => {
  const { run, output } = commandWith();
  await run("install", "--all-supported", "--from", "path");
  expect(output()).toContain("Installed: Kubernetes 1.34.1 with etcd 3.6.8 (path)");
  await expect(run("install", "1.34", "--all-supported")).rejects.toThrow("--all-supported installs every version");
});
