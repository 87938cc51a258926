import { openSync } from "node:fs";
import { pino } from "pino";
import { expectOk } from "../control-plane/health.ts";
import { type ProcessSpec, startProcess } from "../control-plane/processes.ts";
import { createSupervisor } from "../control-plane/supervisor.ts";
import { defaultTiming } from "../timing.ts";

/*
 * A program for a test: a Sampan that looks after a component that is well, and has no file descriptor left to ask it
 * at `url` with. It writes down what it makes of that, and ends; the component runs on.
 */

const settled = 5;
const [text = "", url = ""] = process.argv.slice(2);
const spec = JSON.parse(text) as ProcessSpec;
const log = pino({ level: "silent" });

const { identity } = await startProcess(spec);
const told: string[] = [];
let checks = 0;

createSupervisor({ timing: { ...defaultTiming, healthPoll: 5, adoptedPoll: 5, startGrace: -1 }, log }).supervise(
  {
    key: spec.name,
    logFile: spec.logFile,
    start: () => Promise.reject(new Error("nothing is started here")),
    async check(signal) {
      checks++;
      await expectOk(url, { ca: "", cert: "", key: "" }, signal);
    },
    onDeath: ({ how }) => report(`death: ${how}`),
    onTrouble(kind, sentence) {
      if (kind !== "health" || sentence === undefined) return;
      told.push(sentence);
      if (told.length === settled) report(`${told[0]}`);
    },
  },
  // As after a restart of Sampan: the process is no child, and whether it lives has to be looked up.
  { identity, ended: undefined },
);

// From the first check on, and again and again, so that none that becomes free helps. This keeps the program running, too.
setInterval(() => {
  if (checks > 0) takeEveryDescriptor();
}, 1);

function takeEveryDescriptor(): void {
  try {
    for (;;) openSync("/dev/null", "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EMFILE") throw error;
  }
}

function report(outcome: string): void {
  process.stdout.write(`${JSON.stringify({ outcome, pid: identity.pid })}\n`, () => process.exit(0));
}
