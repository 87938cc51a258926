/**
 * A Sampan that kills itself (SIGKILL) at a given point of a cluster's creation. Run as a program by tests, with one
 * argument: {@link DoomedOptions} as JSON.
 */
import { pino } from "pino";
import type { DistributionOptions } from "../../../kubernetes/distribution/distribution.ts";
import type { StageContext } from "../../substrate.ts";
import { openRecordFile } from "../../testing/file-record.ts";
import { scanProcesses } from "../control-plane/process-scan.ts";
import { createLocalSubstrate } from "../index.ts";
import { clusterFolder } from "../site/site.ts";

/** What the program is told. */
export interface DoomedOptions {
  home: string;
  distribution: DistributionOptions;
  /** The cluster's record: see `file-record.ts`. */
  record: string;
  /** The stages before this one were done by an earlier Sampan. */
  firstStage: string;
  doom: Doom;
}

/** When to die: just before a note or a secret is kept, once a component runs, or once a message is reported. */
export type Doom = { beforeState: string } | { beforeSecret: string } | { component: string } | { message: string };

const { home, distribution, record, firstStage, doom } = JSON.parse(process.argv[2] ?? "") as DoomedOptions;

const die = () => process.kill(process.pid, "SIGKILL");

const cluster = openRecordFile(record, {
  beforeSaveState: (patch) => "beforeState" in doom && doom.beforeState in patch && die(),
  beforePutSecret: (name) => "beforeSecret" in doom && doom.beforeSecret === name && die(),
});

async function dieOnceItRuns(component: string): Promise<void> {
  const folder = clusterFolder(home, cluster.plan.id);
  const runs = async () => (await scanProcesses(folder)).some((found) => found.component.endsWith(`/${component}`));
  while (!(await runs())) await new Promise(setImmediate);
  die();
}

if ("component" in doom) void dieOnceItRuns(doom.component);

const context: StageContext = {
  cluster,
  signal: new AbortController().signal,
  report: (message) => "message" in doom && message.includes(doom.message) && die(),
  event: async () => undefined,
};
const { work } = createLocalSubstrate({ home, distribution, log: pino({ level: "silent" }) });
const first = work.create.findIndex(({ name }) => name === firstStage);
for (const stage of work.create.slice(first)) await stage.run(context);
