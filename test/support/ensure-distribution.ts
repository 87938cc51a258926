import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/**
 * Runs once before the end-to-end tests: installs a distribution where none is, as a user would. Its progress is
 * shown, because from source it takes minutes (once a machine).
 *
 * @throws {Error} when there is none to be had; the command has said why
 */
export function setup(): void {
  const installed: unknown[] = JSON.parse(
    execFileSync(process.execPath, [cli, "distribution", "list", "--json"], { encoding: "utf8" }),
  );
  if (installed.length > 0) return;
  process.stdout.write("The end-to-end tests need a distribution, and none is installed yet.\n");
  execFileSync(process.execPath, [cli, "distribution", "install"], { stdio: ["ignore", "inherit", "inherit"] });
}
