import { Command, Option } from "commander";
import type { Offer } from "../kubernetes/distribution/available.ts";
import { listInstalled } from "../kubernetes/distribution/cache.ts";
import {
  type Distribution,
  type DistributionOptions,
  type InstallProgress,
  type SourceName,
  sourceNames,
} from "../kubernetes/distribution/distribution.ts";

/** Where the command writes. */
export interface CommandOutput {
  /** Whether a person watches, so that progress can be drawn over itself. */
  isTerminal: boolean;
  write(text: string): void;
}

/** How often a step that goes on is said again where lines cannot be drawn over, in milliseconds. */
const repeatMs = 15_000;

/**
 * The command `sampan distribution`, with `install [version]` and `list`.
 *
 * @param settings read when a subcommand runs, so that a bad setting stops only what needs it.
 * @param output standard output unless told otherwise.
 */
export function distributionCommand(
  settings: () => DistributionOptions,
  output: CommandOutput = standardOutput(),
): Command {
  const command = new Command("distribution").description("the Kubernetes and etcd executables that clusters run on");
  command
    .command("install")
    .description(
      "install a version: from a folder or PATH, from release files, or built from Go modules or Debian's source",
    )
    .argument("[version]", "x.y.z, or x.y for its newest patch; without it, the newest there is")
    .addOption(new Option("--from <source>", "this source, instead of the first that has it").choices(sourceNames))
    .option("--all-supported", "the newest patch of every minor version that can be had here, instead of one version")
    .option("--keep-cache", "keep what a compiler has made, for the next version")
    .action((version: string | undefined, wish: InstallWish) => install(settings(), version, wish, output));
  command
    .command("list")
    .description("show what is installed")
    .option("--available", "show what each source can give here, instead")
    .option("--json", "print JSON")
    .action((wish: ListWish) => list(settings(), wish, output));
  return command;
}

interface InstallWish {
  allSupported?: boolean;
  from?: SourceName;
  keepCache?: boolean;
}

interface ListWish {
  available?: boolean;
  json?: boolean;
}

async function list(options: DistributionOptions, { available, json }: ListWish, output: CommandOutput): Promise<void> {
  const installed = await listInstalled(options.directory);
  const show = <T>(shown: T, text: (shown: T) => string) =>
    output.write(json ? `${JSON.stringify(shown, undefined, 2)}\n` : text(shown));
  if (!available) return show(installed, () => listText(installed, options.directory));
  const { listAvailable } = await import("../kubernetes/distribution/available.ts");
  await untilInterrupted(async (signal) => {
    const offers = await listAvailable(options, { report: () => undefined, signal });
    show(offers, () => availableText(offers, installed));
  });
}

async function install(
  options: DistributionOptions,
  version: string | undefined,
  { from, allSupported = false, keepCache = false }: InstallWish,
  output: CommandOutput,
): Promise<void> {
  if (allSupported && version !== undefined)
    throw new Error(`--all-supported installs every version, and ${version} is one; name one of them.`);
  // Loaded here, so that the other commands start without it.
  const { allSources, installDistribution } = await import("../kubernetes/distribution/install.ts");
  const sources = allSources.filter(({ name }) => from === undefined || name === from);
  const { listAvailable, newestPatches } = await import("../kubernetes/distribution/available.ts");
  await untilInterrupted(async (signal) => {
    const installOne = async (one: string | undefined) => {
      const run = (report: InstallProgress["report"]) =>
        installDistribution(options, one, { report, signal, sources, keepCache, withTools: true });
      const installed = output.isTerminal ? await withDrawnProgress(run) : await run(progressLines(output.write));
      output.write(
        `Installed: Kubernetes ${installed.version} with etcd ${installed.etcdVersion} (${installed.source}) in ${installed.directory}\n`,
      );
    };
    if (!allSupported) return installOne(version);
    const offers = await listAvailable(options, { report: () => undefined, signal }, sources);
    const failures = offers.flatMap(({ source, reason }) => (reason === undefined ? [] : [`${source}: ${reason}`]));
    const wanted = newestPatches(offers);
    if (wanted.length === 0) throw new Error(`There is no version to be had. Tried ${failures.join(". ")}.`);
    await installEach(wanted, installOne, signal);
  });
}

/** One that cannot be had does not keep the others from being installed. */
async function installEach(
  versions: readonly string[],
  installOne: (version: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const failures: string[] = [];
  for (const version of versions) {
    try {
      await installOne(version);
    } catch (error) {
      signal.throwIfAborted();
      failures.push((error as Error).message);
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
}

/** Draws one task whose line below shows the step under way. */
async function withDrawnProgress(
  run: (report: InstallProgress["report"]) => Promise<Distribution>,
): Promise<Distribution> {
  const { Listr } = await import("listr2");
  const context: { distribution?: Distribution } = {};
  const list = new Listr<typeof context>(
    [
      {
        title: "Install the Kubernetes executables",
        task: async (shared, task) => {
          shared.distribution = await run((message) => {
            task.output = message;
          });
        },
      },
    ],
    // Interruption is handled here: listr2 would end the process before children and folders are cleaned up.
    { registerSignalListeners: false, rendererOptions: { showErrorMessage: false } },
  );
  const { distribution } = await list.run(context);
  if (!distribution) throw new Error("The installation ended without a result.");
  return distribution;
}

/**
 * Progress for a log: each step as a line, and of a step that counts up (`Compiling: 17 packages done`) only some lines.
 *
 * @param now the clock, in milliseconds.
 */
export function progressLines(write: (text: string) => void, now: () => number = Date.now): (message: string) => void {
  let lastStep: string | undefined;
  let lastTime = 0;
  return (message) => {
    const step = message.includes(": ") ? message.slice(0, message.indexOf(": ")) : message;
    if (step === lastStep && now() - lastTime < repeatMs) return;
    lastStep = step;
    lastTime = now();
    write(`${message}\n`);
  };
}

/** The installed distributions as a table for people. */
export function listText(installed: readonly Distribution[], directory: string): string {
  if (installed.length === 0) {
    return `No distribution is installed in ${directory}. Install one with: sampan distribution install\n`;
  }
  return tableText([
    ["VERSION", "ETCD", "SOURCE", "FOLDER"],
    ...installed.map((one) => [one.version, one.etcdVersion, one.source, one.directory]),
  ]);
}

/** What each source can give, as a table for people: a line a version, the newest first, and the installed ones marked. */
export function availableText(offers: readonly Offer[], installed: readonly Distribution[]): string {
  const isInstalled = (source: SourceName, version: string) =>
    installed.some((one) => one.source === source && one.version === version);
  const rows = offers.flatMap(({ source, versions, costs }) =>
    versions
      .toReversed()
      .map((version) => [
        version,
        source,
        isInstalled(source, version) ? "yes" : "",
        costs.minutes === 0
          ? ""
          : `${costs.minutes} min, ${costs.disk / 1e9} GB of disk, ${costs.memory / 1e9} GB of memory`,
      ]),
  );
  const without = offers.filter(({ reason }) => reason !== undefined);
  const sentences = without.map(
    ({ source, reason, costs }) => `Not from ${source}, which needs ${costs.needs}: ${reason}\n`,
  );
  return [tableText([["VERSION", "SOURCE", "INSTALLED", "TAKES"], ...rows]), ...sentences].join("");
}

function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  return rows.map((row) => `${line(row).trimEnd()}\n`).join("");
}

/** Runs work with a signal that fires on Ctrl-C or a termination, so that it can clean up before the process ends. */
async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("The installation was interrupted; nothing half-made was kept."));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}

function standardOutput(): CommandOutput {
  return { isTerminal: process.stdout.isTTY === true, write: (text) => process.stdout.write(text) };
}
