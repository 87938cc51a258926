import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
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

/**
 * KWOK of the newest version that the Go module proxy lists, built once and kept beside the distributions; undefined, with a
 * sentence, where there is no Go.
 * @throws {SourceUnavailableError} where it cannot be had or does not compile
 */
export async function ensureKwok({
  signal,
  note,
}: Pick<MeasureOptions, "signal" | "note">): Promise<string | undefined> {
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
    const executable = join(folder, `kwok-${version}`);
    if (existsSync(executable)) return executable;
    note(`Building KWOK ${version}, once.`);
    const { GoMod } = await downloadModule(go, kwok.module, version, { folder: work, signal });
    const main = { go: await goVersionOf(go, GoMod, signal), require: { [kwok.module]: version }, replace: {} };
    const module = join(work, "module");
    await writeMainModule(go, module, [kwok], main, signal);
    await compile(go, { title: `KWOK ${version}`, folder: module, programs: [kwok], stamps: {}, into: work }, progress);
    await rename(join(work, kwok.name), executable);
    return executable;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
