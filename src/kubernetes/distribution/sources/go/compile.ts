import type { InstallProgress } from "../../distribution.ts";
import type { GoProgram } from "./programs.ts";
import { asUnavailable, type Toolchain } from "./toolchain.ts";

/** What is compiled, and what it says of itself. */
export interface Compilation {
  /** For people, e.g. `Kubernetes 1.37.2`. */
  title: string;
  /** Folder of the main module. */
  folder: string;
  programs: readonly GoProgram[];
  /** Texts to be set in the executables, by the name of their variable with its package. */
  stamps: Readonly<Record<string, string>>;
  /** Folder that gets the executables, each under its program's name. */
  into: string;
}

/**
 * Compiles programs as their releases are: static, without paths and symbols of the machine, so that the same versions
 * give the same bytes.
 * @throws {SourceUnavailableError} with the compiler's last words
 */
export async function compile(
  go: Toolchain,
  { title, folder, programs, stamps, into }: Compilation,
  { report, signal }: InstallProgress,
): Promise<void> {
  const refusal = asUnavailable(`${title} cannot be compiled`, signal);
  const flags = ["-trimpath", "-ldflags", linkerFlags(stamps)];
  const packages = programs.map((program) => program.package);
  const needed = await go
    .run(["list", "-trimpath", "-deps", "-f", "{{.ImportPath}}", ...packages], {
      cwd: folder,
      signal,
    })
    .catch(refusal);
  const message = compileProgress(`Compiling ${title}`, needed.length, () => performance.now());
  for (const { name, package: path } of programs) {
    const onLine = (line: string) => {
      const text = message(line);
      if (text !== undefined) report(text);
    };
    const args = ["build", "-v", ...flags, "-o", `${into}/${name}`, path];
    await go.runNicely(args, { cwd: folder, signal, onLine }).catch(refusal);
  }
}

/** `-s -w` as in Kubernetes' own releases: without tables for debuggers. */
const linkerFlags = (stamps: Readonly<Record<string, string>>): string =>
  ["-s", "-w", ...Object.entries(stamps).map(([name, value]) => `-X ${name}=${value}`)].join(" ");

/** How long something has to have gone on before it is said how long it will, in milliseconds. */
const guessAfter = 20_000;

/**
 * Turns the lines of `go build -v`, a package a line when it is done, into progress with a guess of what is left.
 * @param total packages in all
 * @param now a clock, in milliseconds
 * @returns a function that takes each line and gives a message where there is something new to say
 */
export function compileProgress(step: string, total: number, now: () => number): (line: string) => string | undefined {
  const begin = now();
  let done = 0;
  return (line) => {
    if (!/^[\w.~-]+(\/[\w.~-]+)*$/.test(line)) return undefined;
    done += 1;
    const message = `${step}: ${done} of ${Math.max(total, done)} packages`;
    const elapsed = now() - begin;
    if (elapsed < guessAfter || done >= total) return message;
    const minutes = Math.ceil(((elapsed / done) * (total - done)) / 60_000);
    return `${message}, about ${minutes} min left`;
  };
}
