import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { readConfig } from "../src/config.ts";
import { findExecutable } from "../src/kubernetes/distribution/machine.ts";
import { compile } from "../src/kubernetes/distribution/sources/go/compile.ts";
import { downloadModule, goVersionOf, writeMainModule } from "../src/kubernetes/distribution/sources/go/main-module.ts";
import { moduleVersions } from "../src/kubernetes/distribution/sources/go/module-versions.ts";
import type { GoProgram } from "../src/kubernetes/distribution/sources/go/programs.ts";
import { findToolchain } from "../src/kubernetes/distribution/sources/go/toolchain.ts";
import { distributionOptions } from "../src/service/distribution-options.ts";
import type { MeasureOptions } from "./creation.ts";

/** KWOK's controller, which simulates nodes (https://kwok.sigs.k8s.io). */
const kwok: GoProgram = { name: "kwok", package: "sigs.k8s.io/kwok/cmd/kwok", module: "sigs.k8s.io/kwok" };

/** What nodes and pods do, which its own `fast` set has: files of its module, below `kustomize/stage`. */
const stages = [
  "node/fast/node-initialize.yaml",
  "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
  "pod/fast/pod-ready.yaml",
  "pod/fast/pod-complete.yaml",
  "pod/fast/pod-delete.yaml",
];

/** A KWOK that can be started. */
export interface Kwok {
  executable: string;
  /** Paths of its stages. */
  stages: string[];
}

/**
 * KWOK of the newest version that the Go module proxy lists, built once and kept beside the distributions; undefined, with a
 * sentence, where there is no Go.
 * @throws {SourceUnavailableError} where it cannot be had or does not compile
 */
export async function ensureKwok({ signal, note }: Pick<MeasureOptions, "signal" | "note">): Promise<Kwok | undefined> {
  const searchPath = process.env.PATH ?? "";
  if (findExecutable("go", searchPath) === undefined) {
    note("KWOK is left out: it is built by Go, and there is none on PATH.");
    return undefined;
  }
  const folder = join(distributionOptions(readConfig(process.env)).directory, ".bench-kwok");
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, "work-"));
  try {
    const progress = { report: () => undefined, signal };
    const go = await findToolchain(join(work, "caches"), searchPath, progress);
    const version = (await moduleVersions(go, kwok.module, work, signal)).at(-1);
    if (version === undefined) throw new Error(`The Go module proxy lists no version of ${kwok.module}.`);
    const entry = join(folder, `kwok-${version}`);
    const found = { executable: join(entry, kwok.name), stages: stages.map((path) => join(entry, basename(path))) };
    if (existsSync(entry)) return found;
    note(`Building KWOK ${version}, once.`);
    const { Dir, GoMod } = await downloadModule(go, kwok.module, version, { folder: work, signal });
    const main = { go: await goVersionOf(go, GoMod, signal), require: { [kwok.module]: version }, replace: {} };
    const [module, into] = [join(work, "module"), join(work, "made")];
    await mkdir(into);
    await writeMainModule(go, module, [kwok], main, signal);
    await compile(go, { title: `KWOK ${version}`, folder: module, programs: [kwok], stamps: {}, into }, progress);
    for (const path of stages) await copyFile(join(Dir, "kustomize/stage", path), join(into, basename(path)));
    await rename(into, entry);
    return found;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
