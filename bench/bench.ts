/** `npm run bench`: time, memory and latency, each against its bound. docs/benchmarks.md says what is measured and how. */

import { cpus, loadavg, totalmem } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { watchInterruption } from "../examples/demo/interruption.ts";
import { type MeasureOptions, measureCreation } from "./creation.ts";
import { measureDurability } from "./durability.ts";
import { measureLatency } from "./latency.ts";
import { measureMemory } from "./memory.ts";
import { measureProcessorTime } from "./processor-time.ts";
import { measureRecovery } from "./recovery.ts";
import { holds, type Row, table } from "./report.ts";
import { measureSimulatedNodes } from "./simulated-nodes.ts";

/** Everything that can be measured, in order. */
const measurements: Readonly<Record<string, (options: MeasureOptions) => Promise<Row[]>>> = {
  creation: (options) => measureCreation("managed", options),
  dedicated: (options) => measureCreation("dedicated", options),
  processor: measureProcessorTime,
  recovery: measureRecovery,
  memory: measureMemory,
  latency: measureLatency,
  nodes: measureSimulatedNodes,
  durability: measureDurability,
};

interface BenchOptions {
  rounds: number;
  only?: string;
  json?: boolean;
  check?: boolean;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 1 to 99.");
  return Number(text);
}

const note = (line: string) => process.stderr.write(`${line}\n`);

async function bench({ rounds, only, json, check }: BenchOptions): Promise<void> {
  const { stop } = watchInterruption();
  const machine = `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node.js ${process.version}`;
  note(`${machine}; load ${loadavg()[0]?.toFixed(2)}`);
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(measurements)) {
    if (only !== undefined && only !== name) continue;
    note(`\n${name}`);
    rows.push(...(await measure({ rounds, signal: stop, note })));
  }
  process.stdout.write(json ? `${JSON.stringify({ machine, rows }, undefined, 2)}\n` : `\n${table(rows)}\n`);
  if (check && !rows.every(holds)) process.exitCode = 1;
}

const program = new Command("bench")
  .description(
    "Measures Sampan against a plain script that boots the same executables, on a machine that does nothing else.",
  )
  .addOption(new Option("--only <measurement>", "one of them").choices(Object.keys(measurements)))
  .option("--rounds <number>", "how often clusters are created, each way", wholeNumber, 3)
  .option("--json", "print JSON")
  .option("--check", "exit with 1 where a bound does not hold")
  .action(bench);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`The benchmark ended early. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
