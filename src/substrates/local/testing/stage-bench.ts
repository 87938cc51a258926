import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { Distribution } from "../../../kubernetes/distribution/distribution.ts";
import type { ClusterPlan, ClusterRecord, StageContext, Substrate } from "../../substrate.ts";
import { examplePlan } from "../../testing/example-plan.ts";
import { createRecordFile, openRecordFile } from "../../testing/file-record.ts";
import { undosOf } from "../../undos.ts";
import type { DistributionFinder } from "../context.ts";
import type { Supplies } from "../control-plane/supplies.ts";
import { createLocalSubstrate, defaultTiming, type Timing } from "../index.ts";
import { clusterFolder } from "../site/site.ts";

/**
 * Answers over TLS with the component's own certificate: that it is healthy, to what is applied with the status given, and
 * 503 to everything else. It reads the certificate again for each connection, or once.
 */
const server = (statusOfApply: number, reading: "always" | "once") => `#!${process.execPath}
  const value = (flag) => process.argv.find((arg) => arg.startsWith("--" + flag + "=")).split("=")[1];
  const read = (flag) => require("node:fs").readFileSync(value(flag));
  const tls = () => ({ cert: read("tls-cert-file"), key: read("tls-private-key-file") });
  const status = ({ url, method }) => (/z$/.test(url) ? 200 : method === "PATCH" ? ${statusOfApply} : 503);
  const answer = (request, response) => request.resume().on("end", () => response.writeHead(status(request)).end("ok"));
  const server = require("node:https").createServer(tls(), answer);
  if (${reading === "always"}) server.prependListener("connection", () => server.setSecureContext(tls()));
  server.listen(value("secure-port"), value("bind-address"));`;

/** Programs that stand for the real ones. */
export const stagePrograms = {
  /** An etcd that answers as healthy, at the address that it is told, to clients of its authority. */
  healthyEtcd: `#!${process.execPath}
    const value = (flag) => process.argv.find((arg) => arg.startsWith("--" + flag + "=")).split("=")[1];
    const read = (flag) => require("node:fs").readFileSync(value(flag));
    const tls = { cert: read("cert-file"), key: read("key-file"), ca: read("trusted-ca-file"), requestCert: true };
    const url = new URL(value("listen-metrics-urls"));
    require("node:https").createServer(tls, (_, response) => response.end("{}")).listen(url.port, url.hostname);`,
  healthyServer: server(200, "always"),
  /** One that goes on with the certificate that it has. */
  forgetfulServer: server(200, "once"),
  refusingServer: server(422, "always"),
  silent: "#!/bin/sh\nexec sleep 1000\n",
  broken: '#!/bin/sh\necho "starting" >&2\necho "Error: the disk is full" >&2\nexit 3\n',
} as const;

/** A local substrate with programs that stand for the real ones, and what it has said so far. */
export interface StageBench {
  readonly folder: string;
  readonly substrate: Substrate;
  readonly events: string[];
  /** What was told outside of the stages. */
  readonly notices: string[];
  readonly messages: string[];
  /** What has been asked of the search for executables. */
  readonly searches: Parameters<DistributionFinder>[];
  /** What the search gives. */
  found: { distribution: Distribution; exact: boolean };
  distributionOf(version: string): Distribution;
  /** Makes executables, by name. */
  install(programs: Record<string, string>): void;
  newCluster(more?: Partial<ClusterPlan>): ClusterRecord;
  folderOf(cluster: ClusterRecord): string;
  context(cluster: ClusterRecord, signal?: AbortSignal): StageContext;
  /** Runs the creation stages of these names. */
  run(cluster: ClusterRecord, names: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Stops Sampan and starts it again, without taking any cluster up. */
  restart(): Promise<void>;
  /** Undoes every creation stage, the last one first: removes the cluster. */
  undoAll(cluster: ClusterRecord): Promise<void>;
  /** Ends whatever runs and removes the folder. */
  remove(): Promise<void>;
}

/** Makes the substrate in a temporary folder. */
export async function createStageBench(timing: Partial<Timing> = {}, supplies?: Supplies): Promise<StageBench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "sampan-stages-")));
  const newSubstrate = () =>
    createLocalSubstrate({
      home: join(folder, "home"),
      distribution: { directory: join(folder, "cache"), kubernetesReleaseUrl: "", etcdReleaseUrl: "" },
      log: pino({ level: "silent" }),
      onEvent: (_, level, reason, message) => bench.notices.push(`${level} ${reason}: ${message}`),
      timing: { ...defaultTiming, readyPoll: 5, restartDelay: 1, stopGrace: 0, ...timing },
      ...(supplies && { supplies }),
      ensureDistribution: async (...search) => {
        bench.searches.push(search);
        return bench.found;
      },
    });
  let substrate = newSubstrate();
  const bench: StageBench = {
    folder,
    get substrate() {
      return substrate;
    },
    events: [],
    notices: [],
    messages: [],
    searches: [],
    found: { distribution: distributionIn(folder, "1.20.2"), exact: true },
    distributionOf: (version) => distributionIn(folder, version),

    install(programs) {
      mkdirSync(join(folder, "bin"), { recursive: true });
      for (const [name, text] of Object.entries(programs))
        writeFileSync(join(folder, "bin", name), text, { mode: 0o755 });
    },

    newCluster(more = {}) {
      createRecordFile(join(folder, "record.json"), examplePlan(more));
      return openRecordFile(join(folder, "record.json"));
    },

    folderOf: ({ plan }) => clusterFolder(join(folder, "home"), plan.id),

    context: (cluster, signal = new AbortController().signal) => ({
      cluster,
      signal,
      report: (message) => bench.messages.push(message),
      event: async (level, reason, message) => void bench.events.push(`${level} ${reason}: ${message}`),
    }),

    async run(cluster, names, signal) {
      for (const stage of bench.substrate.work.create)
        if (names.includes(stage.name)) await stage.run(bench.context(cluster, signal));
    },

    async restart() {
      await substrate.suspend();
      substrate = newSubstrate();
    },

    async undoAll(cluster) {
      for (const stage of undosOf(bench.substrate.work.create)) await stage.run(bench.context(cluster));
    },

    async remove() {
      await bench.substrate.suspend();
      await rm(folder, { recursive: true });
    },
  };
  return bench;
}

function distributionIn(folder: string, version: string): Distribution {
  const directory = join(folder, "bin");
  const names = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
  const executables = Object.fromEntries(names.map((name) => [name, join(directory, name)]));
  return {
    version,
    etcdVersion: "3.4.23",
    source: "path",
    directory,
    executables: executables as Distribution["executables"],
  };
}
