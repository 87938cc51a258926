import { mkdtemp, realpath } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { distributionOptions } from "../src/cli/distribution-options.ts";
import { readConfig } from "../src/config.ts";
import { ensureDistribution } from "../src/kubernetes/distribution/ensure.ts";
import { timePlainCluster } from "./plain-cluster.ts";
import { commandsIn } from "./processes.ts";
import { median, type Row } from "./report.ts";
import { withService } from "./running-service.ts";
import { timeSampanCluster } from "./sampan-cluster.ts";
import { readSample } from "./sample.ts";

/** Creation may take this many times as long as the plain script. */
const BOUND = 1.5;

/** How a measurement is run. */
export interface MeasureOptions {
  rounds: number;
  signal: AbortSignal;
  /** Takes a line on what has just been measured. */
  note(line: string): void;
}

/** Creation of a cluster through the API against the plain script, in turns: median seconds and their ratio. */
export async function measureCreation({ rounds, signal, note }: MeasureOptions): Promise<Row[]> {
  const options = distributionOptions(readConfig(process.env));
  const { kubernetes_version } = await readSample();
  const requested = /^\d+\.\d+\.\d+/.exec(kubernetes_version)?.[0];
  const { distribution } = await ensureDistribution(options, requested, "nearest", { report: note, signal });
  const claimsFolder = join(options.directory, "networks");
  const plain: number[] = [];
  const sampan: number[] = [];
  await withService({}, signal, async (service) => {
    for (let round = 1; round <= rounds; round++) {
      const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-bench-plain-")));
      const { seconds, commands } = await timePlainCluster({ folder, distribution, claimsFolder }, signal);
      plain.push(seconds);
      note(`round ${round} of ${rounds}: plain script ${seconds.toFixed(2)} s`);
      const took = await timeSampanCluster(service, distribution.version, signal, async () => {
        requireSameArguments(commands, [...(await commandsIn(service.home)).values()]);
      });
      sampan.push(took);
      note(`round ${round} of ${rounds}: Sampan ${took.toFixed(2)} s`);
    }
  });
  const ratio = median(sampan) / median(plain);
  return [
    { what: "plain script, three nodes Ready", value: median(plain), unit: "s", samples: plain },
    { what: "CreateCluster, three nodes Ready", value: median(sampan), unit: "s", samples: sampan },
    { what: "ratio", value: ratio, unit: "×", bound: BOUND },
  ];
}

/** The comparison says nothing where the two sides run something different. */
function requireSameArguments(plain: readonly string[][], sampan: readonly string[][]): void {
  const [one, other] = [plain, sampan].map((commands) => commands.map(comparable).sort().join("\n"));
  if (one !== other) throw new Error(`The plain script's arguments are not Sampan's.\n\n${one}\n\n${other}`);
}

/** A command line without what differs from cluster to cluster: loopback network, folder, the cluster's id. */
function comparable(command: readonly string[]): string {
  return command
    .join(" ")
    .replaceAll(/127\.\d+\.\d+\.(\d+)/g, "127.x.x.$1")
    .replaceAll(/\/[^ =]*\/member-1\//g, "…/member-1/")
    .replace(/--initial-cluster-token=\S+/, "--initial-cluster-token=…");
}
