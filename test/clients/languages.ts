import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, type Options } from "execa";

const sources = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL("../../node_modules/.cache/clients/", import.meta.url));

/** Minutes that fetching a language's libraries and building its programs may take. */
export const preparationMinutes = 20;

/** A language that clients are written in. */
export interface Language {
  /** As people call it. */
  readonly name: string;
  /** Folder of its programs, below this one. */
  readonly folder: string;
  /** The command that has to be there, and what shows that it is. */
  readonly needs: readonly [command: string, ...probe: string[]];
  /** Fetches the libraries and builds the programs into a folder. */
  prepare(built: string): Promise<void>;
  /** The command that runs one of its programs, from what was built. */
  command(built: string, program: string): [command: string, ...args: string[]];
}

const build = (folder: string, command: string, args: readonly string[], options: Options = {}) =>
  execa(command, args, { cwd: join(sources, folder), timeout: preparationMinutes * 60_000, ...options });

/** Every language that has programs here. */
export const languages = {
  python: {
    name: "Python",
    folder: "python",
    needs: ["python3", "-c", "import ensurepip, sys; sys.exit(sys.version_info < (3, 9))"],
    async prepare(built) {
      await build("python", "python3", ["-m", "venv", built]);
      await build("python", join(built, "bin/pip"), ["install", "--quiet", "--requirement", "requirements.txt"]);
    },
    command: (built, program) => [join(built, "bin/python"), join(sources, "python", `${program}.py`)],
  },
  go: {
    name: "Go",
    folder: "go",
    needs: ["go", "version"],
    async prepare(built) {
      await mkdir(built, { recursive: true });
      await build("go", "go", ["build", "-mod=readonly", "-o", `${built}/`, "./..."]);
    },
    command: (built, program) => [join(built, program)],
  },
  java: {
    name: "Java",
    folder: "java",
    needs: ["mvn", "--version"],
    async prepare(built) {
      const goals = ["package", "dependency:copy-dependencies"];
      await build("java", "mvn", ["--quiet", "--batch-mode", `-Dbuilt=${built}`, ...goals]);
    },
    command: (built, program) => [
      "java",
      "-cp",
      [join(built, "classes"), join(built, "dependency/*")].join(":"),
      `dev.sampan.clients.${program}`,
    ],
  },
} satisfies Record<string, Language>;

/**
 * Makes a language's programs ready, once for as long as their sources stay the same.
 * @returns the folder of what was built
 * @throws {Error} with a sentence where the language is not on this machine, or its libraries cannot be had
 */
export async function prepare(language: Language): Promise<string> {
  const [command, ...probe] = language.needs;
  const found = await execa(command, probe, { reject: false });
  if (found.failed) throw new Error(`${language.name} is not on this machine: "${language.needs.join(" ")}" failed.`);
  const built = join(cache, `${language.folder}-${await fingerprint(language.folder)}`);
  if (existsSync(built)) return built;
  const unfinished = `${built}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  try {
    await language.prepare(language.folder === "python" ? built : unfinished);
  } catch (error) {
    await rm(built, { recursive: true, force: true });
    throw new Error(`The libraries of the ${language.name} programs cannot be had: ${(error as Error).message}`);
  }
  // What is in a virtual environment names the folder that it was made in.
  if (language.folder !== "python") await rename(unfinished, built);
  return built;
}

async function fingerprint(folder: string): Promise<string> {
  const entries = await readdir(join(sources, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(file).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
}
