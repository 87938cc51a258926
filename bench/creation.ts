import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../src/config.ts";
import { componentBuilders } from "../src/kubernetes/components/index.ts";
import type { Distribution } from "../src/kubernetes/distribution/distribution.ts";
import { ensureDistribution } from "../src/kubernetes/distribution/ensure.ts";
import { distributionOptions } from "../src/service/distribution-options.ts";
import { timePlainCluster } from "./plain-cluster.ts";
import { commandsIn } from "./processes.ts";
import { median, type Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { timeSampanCluster } from "./sampan-cluster.ts";
import { nodeCount, readSample, type Sample, type SampleName } from "./sample.ts";

/** Creation may take this many times as long as the plain script. */
const sampleBound = 1.5;

/** How a measurement is run. */
export interface MeasureOptions {
  rounds: number;
  signal: AbortSignal;
  /** Takes a line on what has just been measured. */
  note(line: string): void;
}

/** Creation of a sample's cluster through the API against the plain script, in turns: median seconds and their ratio. */
export async function measureCreation(name: SampleName, { rounds, signal, note }: MeasureOptions): Promise<Row[]> {
  const sample = await readSample(name);
  const distribution = await distributionOf(sample, { signal, note });
  const claimsFolder = join(distributionOptions(readConfig(process.env)).directory, "networks");
  const plain: number[] = [];
  const sampan: number[] = [];
  await withService({}, signal, async (service) => {
    for (let round = 1; round <= rounds; round++) {
      const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-bench-plain-")));
      const { seconds, commands } = await timePlainCluster({ sample, folder, distribution, claimsFolder }, signal);
      plain.push(seconds);
      note(`round ${round} of ${rounds}: plain script ${seconds.toFixed(2)} s`);
      const took = await timeSampanCluster(service, name, distribution.version, signal, async () => {
        requireSameArguments(commands, [...(await commandsIn(service.home)).values()]);
      });
      sampan.push(took);
      note(`round ${round} of ${rounds}: Sampan ${took.toFixed(2)} s`);
    }
  });
  const ratio = median(sampan) / median(plain);
  const ready = `${name}, ${nodeCount(sample)} nodes Ready`;
  return [
    { what: `plain script: ${ready}`, value: median(plain), unit: "s", samples: plain },
    { what: `CreateCluster: ${ready}`, value: median(sampan), unit: "s", samples: sampan },
    { what: "ratio", value: ratio, unit: "×", bound: sampleBound },
  ];
}

/** What a cluster of the sample runs here. */
export async function distributionOf(
  { kubernetes_version: version }: Sample,
  { signal, note }: Pick<MeasureOptions, "signal" | "note">,
): Promise<Distribution> {
  const options = distributionOptions(readConfig(process.env));
  const requested = /^\d+\.\d+\.\d+/.exec(version)?.[0];
  return (await ensureDistribution(options, requested, "nearest", { report: note, signal })).distribution;
}

/** The comparison says nothing where the two sides run something different. */
function requireSameArguments(plain: readonly string[][], sampan: readonly string[][]): void {
  // The forwarder before the API servers is Sampan's own: a plain script connects to them directly.
  const components = sampan.filter(([name = ""]) => name in componentBuilders);
  const [one, other] = [plain, components].map((commands) => commands.map(comparable).sort().join("\n"));
  if (one !== other) throw new Error(`The plain script's arguments are not Sampan's.\n\n${one}\n\n${other}`);
}

/** A command line without what differs from cluster to cluster: networks, folder, the cluster's id. */
function comparable(command: readonly string[]): string {
  return command
    .join(" ")
    .replaceAll(/127\.\d+\.\d+\.(\d+)/g, "127.x.x.$1")
    .replaceAll(/\/[^ =]*\/(member-\d)\//g, "…/$1/")
    .replace(/--advertise-address=\S+/, "--advertise-address=…")
    .replace(/--initial-cluster-token=\S+/, "--initial-cluster-token=…");
}
