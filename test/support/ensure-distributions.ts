/**
 * What `npm test` does before its tests: installs a distribution where none is, as a user would, and those that its caller
 * asks for. Its progress is shown, because from source it takes minutes (once a machine).
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readConfig } from "../../src/config.ts";
import { listDistributions } from "../../src/kubernetes/distribution/ensure.ts";
import { resolveVersion } from "../../src/kubernetes/distribution/resolve.ts";
import { distributionOptions } from "../../src/service/distribution-options.ts";
import { takeVersionWish } from "./tested-versions.ts";

const cli = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** What two files of tests take at the same time, with a cluster of five members in one of them. */
const neededInotifyInstances = 256;

const wish = takeVersionWish(process.env);
const options = distributionOptions(readConfig(process.env));

/** Does nothing where it is installed; without a version, where anything is. @throws {Error} where it cannot be had; the command has said why */
async function ensure(version?: string): Promise<void> {
  const installed = (await listDistributions(options)).map((one) => one.version);
  if (installed.length > 0 && (version === undefined || resolveVersion(version, installed)?.exact)) return;
  process.stdout.write(
    `The end-to-end tests need ${version ? `Kubernetes ${version}` : "a distribution"}, which is not installed yet.\n`,
  );
  const args = [cli, "distribution", "install", ...(version ? [version] : [])];
  execFileSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
}

// With executables of the user's own there is one version. The newest first: of others there may be no source here at all.
const wanted = options.path === undefined ? [...(wish.all ?? [undefined]), ...wish.also] : [undefined];
for (const version of wanted) await ensure(version);

const limit = Number(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8"));
if (limit < neededInotifyInstances)
  process.stdout.write(
    `This machine lets a user have ${limit} inotify instances, and the tests of large clusters may need more: ` +
      `sysctl -w fs.inotify.max_user_instances=${neededInotifyInstances}\n`,
  );
