import { execa } from "execa";

/** How to run a command. */
export interface CommandOptions {
  cwd?: string;
  /** The whole environment of the command; undefined gives it that of this process, with messages in English. */
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
  /** Ends the command after this many milliseconds; it then fails. */
  timeoutMs?: number;
  /** Called with each line of output as it comes, standard output and standard error alike. */
  onLine?(line: string): void;
}

/** How long a process group may take to end on SIGTERM before it is killed, in milliseconds. */
const graceMs = 3_000;

/** Lines of output that a failure's message carries. */
const tailLines = 6;

/** A command ended badly or could not be started. The message carries the end of its output. */
export class CommandError extends Error {
  override name = "CommandError";
  /** All of its output. */
  readonly lines: readonly string[];

  constructor(message: string, lines: readonly string[]) {
    super(message);
    this.lines = lines;
  }
}

/**
 * Runs a command to its end in a process group of its own, so that on abort or timeout everything that it started ends
 * too (a `make` starts compilers several levels down).
 *
 * @returns all lines of its output, standard output and standard error in the order they came.
 * @throws the signal's reason on abort; CommandError on any other failure.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  { cwd, env, signal, timeoutMs, onLine }: CommandOptions = {},
): Promise<string[]> {
  signal?.throwIfAborted();
  const child = execa(file, args, {
    cwd,
    // Messages in English, whatever the user speaks: some are read by the program.
    env: env ?? { LC_ALL: "C.UTF-8" },
    extendEnv: env === undefined,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    detached: true,
    cleanup: false,
  });
  const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, timeout].filter((one) => one !== undefined));
  let killTimer: NodeJS.Timeout | undefined;
  const stopGroup = () => {
    signalGroup(child.pid, "SIGTERM");
    killTimer = setTimeout(() => signalGroup(child.pid, "SIGKILL"), graceMs);
  };
  stop.addEventListener("abort", stopGroup);
  try {
    const lines: string[] = [];
    for await (const line of child.iterable({ from: "all" })) {
      lines.push(line);
      onLine?.(line);
    }
    const result = await child;
    signal?.throwIfAborted();
    if (timeout?.aborted) throw new CommandError(`${file} did not end within ${Number(timeoutMs) / 1000} s`, lines);
    if (result.failed) throw new CommandError(describeFailure(file, args, result, lines), lines);
    return lines;
  } finally {
    stop.removeEventListener("abort", stopGroup);
    clearTimeout(killTimer);
    if (stop.aborted) signalGroup(child.pid, "SIGKILL");
  }
}

function signalGroup(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already.
  }
}

function describeFailure(
  file: string,
  args: readonly string[],
  result: { exitCode?: number | undefined; signal?: string | undefined; originalMessage?: string | undefined },
  lines: readonly string[],
): string {
  const command = [file, ...args.slice(0, 1)].join(" ");
  if (result.exitCode === undefined && result.signal === undefined) {
    return `${command} could not be started: ${result.originalMessage ?? "unknown reason"}`;
  }
  const end = result.signal ? `was ended by ${result.signal}` : `failed with exit code ${result.exitCode}`;
  const tail = lines.filter((line) => line.trim() !== "").slice(-tailLines);
  return tail.length === 0 ? `${command} ${end}` : `${command} ${end}: ${tail.join(" | ")}`;
}
