import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { type InstallProgress, SourceUnavailableError } from "../../distribution.ts";
import { runCommand } from "../../run-command.ts";
import { applyBackports } from "./backports.ts";

/** Packages of the build: Go, and the one library that the source's own copy is too old of. */
export const buildPackages: readonly string[] = [
  "golang-1.19-go",
  "golang-1.19-src",
  "golang-github-modern-go-reflect2-dev",
];

const built = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;

/** Where things lie while Kubernetes is built. */
export interface BuildPlaces {
  /** Folder for everything that the build makes; its path needs no quoting in a makefile. */
  work: string;
  /** Folder that the Debian packages were unpacked into. */
  root: string;
  /** Folder with the downloaded source package. */
  downloads: string;
  /** `PATH` for the tools. */
  searchPath: string;
  /** Folder that gets the executables. */
  into: string;
}

/** Unpacks Debian's source package of Kubernetes, builds the control plane's executables and puts them into a folder. */
export async function buildKubernetes(places: BuildPlaces, { report, signal }: InstallProgress): Promise<void> {
  report("Unpacking the source of Kubernetes");
  const tree = await unpackSource(places, signal);
  await replaceReflect2(tree, places.root);
  await applyBackports(tree);
  report("Compiling Kubernetes' code generators");
  await compile(tree, places, { report, signal });
  await mkdir(places.into, { recursive: true });
  for (const name of built) await rename(join(tree, "_output/bin", name), join(places.into, name));
}

async function unpackSource({ work, downloads, searchPath }: BuildPlaces, signal?: AbortSignal): Promise<string> {
  const description = (await readdir(downloads)).find((name) => name.endsWith(".dsc"));
  if (!description) throw new SourceUnavailableError("the Debian mirror gave no source package of Kubernetes");
  // Kubernetes 1.20 is built in GOPATH mode, where a package's place in the tree is its import path.
  const tree = join(work, "gopath/src/k8s.io/kubernetes");
  await mkdir(join(tree, ".."), { recursive: true });
  // No signature check here: apt has checked the very files already.
  await runCommand("dpkg-source", ["--no-check", "-x", join(downloads, description), tree], {
    env: { PATH: searchPath, HOME: work, LC_ALL: "C.UTF-8" },
    signal,
  });
  return tree;
}

/**
 * Replaces the vendored modern-go/reflect2 1.0.1 by Debian's 1.0.2. The old one reads the runtime's maps in a way that
 * Go 1.18 ended: the API server would start, and panic on the first object that is posted.
 */
async function replaceReflect2(tree: string, root: string): Promise<void> {
  const vendored = join(tree, "vendor/github.com/modern-go/reflect2");
  await rm(vendored, { recursive: true });
  await cp(join(root, "usr/share/gocode/src/github.com/modern-go/reflect2"), vendored, { recursive: true });
}

async function compile(
  tree: string,
  { work, root, searchPath }: BuildPlaces,
  progress: InstallProgress,
): Promise<void> {
  const goRoot = join(root, "usr/lib/go-1.19");
  await mkdir(join(work, "tmp"), { recursive: true });
  // The whole environment: a GOFLAGS or KUBE_… of the user's shell must not change what is built.
  const env = {
    PATH: [join(goRoot, "bin"), searchPath].join(delimiter),
    HOME: work,
    TMPDIR: join(work, "tmp"),
    LC_ALL: "C.UTF-8",
    GOROOT: goRoot,
    GOPATH: join(work, "gopath"),
    GOCACHE: join(work, "gocache"),
    GO111MODULE: "off",
    CGO_ENABLED: "0",
    FORCE_HOST_GO: "y",
  };
  const targets = built.map((name) => `cmd/${name}`).join(" ");
  const message = buildProgress();
  // Lowest priority, so that a service on the same machine goes on answering.
  await runCommand("nice", ["-n", "10", "make", `WHAT=${targets}`, "GOFLAGS=-v"], {
    cwd: tree,
    env,
    signal: progress.signal,
    onLine: (line) => {
      const text = message(line);
      if (text !== undefined) progress.report(text);
    },
  });
}

/**
 * Turns the lines of `make … GOFLAGS=-v` into progress. The tree first builds its code generators, runs them, and then
 * compiles the executables; Go names a package on a line of its own when it is done.
 *
 * @returns a function that takes each line and gives a message where there is something new to say.
 */
export function buildProgress(): (line: string) => string | undefined {
  let step = "Compiling Kubernetes' code generators";
  let packages = 0;
  return (line) => {
    const target = /^\s+(?:\.\/)?(\S+)$/.exec(line)?.[1];
    if (target === "cmd/kube-apiserver") {
      step = "Compiling Kubernetes";
      packages = 0;
    }
    if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) return undefined;
    packages += 1;
    return `${step}: ${packages} packages done`;
  };
}
