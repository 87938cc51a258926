import type { ContainerSpec, ContainerState, ContainerStatus, PodObject } from "./objects.ts";

/** What the log of a container is asked for, as `kubectl logs` and the API server name it. */
export interface LogOptions {
  /** Go on until the container ends. */
  follow: boolean;
  /** Begin each line with its time. */
  timestamps: boolean;
  /** The log of the run before the present one. */
  previous: boolean;
  /** Only this many lines from the end. */
  tailLines: number | undefined;
  /** Break off after this many bytes. */
  limitBytes: number | undefined;
  /** Only lines of this time and later. */
  since: Date | undefined;
  /** False where only the error stream is asked for: everything here is standard output. */
  output: boolean;
}

/** One line of a container's log. */
export interface LogLine {
  time: Date;
  text: string;
}

/** A request for a log that cannot be answered. `status` is an HTTP status; the message is for the user. */
export class LogRequestError extends Error {
  override readonly name = "LogRequestError";
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Reads the query of a log request.
 *
 * @throws {LogRequestError} with status 400 where a value is not what the Kubernetes API allows.
 */
export function parseLogOptions(query: URLSearchParams, now: Date): LogOptions {
  const sinceSeconds = wholeNumber(query, "sinceSeconds", 1);
  const sinceTime = query.get("sinceTime");
  if (sinceTime !== null && Number.isNaN(Date.parse(sinceTime)))
    throw new LogRequestError(400, `sinceTime is "${sinceTime}", but must be a time such as 2026-01-31T08:00:00Z.`);
  return {
    follow: flag(query, "follow"),
    timestamps: flag(query, "timestamps"),
    previous: flag(query, "previous"),
    tailLines: wholeNumber(query, "tailLines", 0),
    limitBytes: wholeNumber(query, "limitBytes", 1),
    since:
      sinceSeconds !== undefined
        ? new Date(now.getTime() - sinceSeconds * 1000)
        : sinceTime !== null
          ? new Date(sinceTime)
          : undefined,
    output: query.get("stream") !== "Stderr",
  };
}

function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true" || query.get(name) === "1";
}

function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new LogRequestError(400, `${name} is "${text}", but must be a whole number of at least ${least}.`);
  return Number(text);
}

/** A container of a pod with its status, wherever in the pod it is. */
export interface FoundContainer {
  spec: ContainerSpec;
  status: ContainerStatus | undefined;
}

/**
 * Finds a container, init container or debugging container by name.
 *
 * @throws {LogRequestError} with status 404 where the pod has none of that name.
 */
export function findContainer({ metadata, spec, status }: PodObject, name: string): FoundContainer {
  const specs = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])];
  const found = specs.find((container) => container.name === name);
  if (!found) throw new LogRequestError(404, `container "${name}" not found in pod "${metadata.name}"`);
  const statuses = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return { spec: found, status: statuses.find((container) => container.name === name) };
}

/**
 * The lines that a simulated container has written so far: that it is simulated, what it would run, and its end.
 *
 * @throws {LogRequestError} with status 400, in a kubelet's words, where that run of the container never was or is yet to come.
 */
export function toLogLines(pod: PodObject, { spec, status }: FoundContainer, previous: boolean): LogLine[] {
  const state = previous ? status?.lastState : status?.state;
  const startedAt = startOf(state);
  if (startedAt === undefined) throw new LogRequestError(400, absence(pod, spec, previous));
  const { namespace, name } = pod.metadata;
  const time = new Date(startedAt);
  const lines = [
    "This is a simulated container: no image was pulled and no program runs here.",
    `Pod ${namespace}/${name}, container ${spec.name}, on node ${pod.spec.nodeName}.`,
    `Image: ${status?.image ?? spec.image}`,
    `Would run: ${toCommandText(spec)}`,
    `Started at ${startedAt}.`,
  ].map((text) => ({ time, text }));
  const end = toEndLine(state);
  return end ? [...lines, end] : lines;
}

/** The last line of a container that has ended; undefined while it runs. */
export function toEndLine(state: ContainerState | undefined): LogLine | undefined {
  if (!state?.terminated) return undefined;
  const { exitCode, finishedAt } = state.terminated;
  const how = exitCode === 0 ? "Completed" : "Stopped";
  return { time: new Date(finishedAt), text: `${how} with exit code ${exitCode} at ${finishedAt}.` };
}

function startOf(state: ContainerState | undefined): string | undefined {
  return state?.running?.startedAt ?? state?.terminated?.startedAt;
}

function absence(pod: PodObject, spec: ContainerSpec, previous: boolean): string {
  return previous
    ? `previous terminated container "${spec.name}" in pod "${pod.metadata.name}" not found`
    : `container "${spec.name}" in pod "${pod.metadata.name}" is waiting to start: ContainerCreating`;
}

function toCommandText({ command = [], args = [] }: ContainerSpec): string {
  if (command.length > 0) return JSON.stringify([...command, ...args]);
  return args.length > 0 ? `the image's own entry point with ${JSON.stringify(args)}` : "the image's own entry point";
}

/** Picks the lines that the options ask for and spells them out, each with a line feed. */
export function renderLog(lines: LogLine[], { since, tailLines, limitBytes, timestamps, output }: LogOptions): Buffer {
  if (!output) return Buffer.alloc(0);
  const recent = lines.filter(({ time }) => since === undefined || time >= toWholeSecond(since));
  const last = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  const text = last.map((line) => `${timestamps ? `${toNanoTime(line.time)} ` : ""}${line.text}\n`).join("");
  return Buffer.from(text).subarray(0, limitBytes);
}

/** Container times have whole seconds, so a line of within the first second must not fall out. */
function toWholeSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** Kubelets print nine digits of a second. */
function toNanoTime(time: Date): string {
  return time.toISOString().replace(/Z$/, "000000Z");
}
