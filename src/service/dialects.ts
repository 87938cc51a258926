import type { Config } from "../config.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import { ack } from "../dialects/ack/index.ts";
import { cce } from "../dialects/cce/index.ts";
import { type MountedDialect, mount } from "../dialects/common/dialect.ts";
import { iam } from "../dialects/iam/index.ts";
import { listInstalled } from "../kubernetes/distribution/cache.ts";
import { resolveVersion } from "../kubernetes/distribution/resolve.ts";
import type { Speaking } from "../server/refuse.ts";

/** The vendors' APIs, before they have anything to work with. */
export const dialects: readonly Speaking[] = [ack, cce, iam];

/** The vendors' APIs that are served, each with what it works with. */
export function mountDialects(core: Core, observer: ClusterObserver, config: Config): MountedDialect[] {
  const common = { core, observer, settings: config };
  return [
    mount(ack, { ...common, runningVersions: (requested) => runningVersions(config, requested) }),
    mount(cce, { ...common, newestVersion: () => newestVersion(config) }),
    mount(iam, common),
  ];
}

/** What a cluster would run for which no version is asked, of what is installed now. */
async function newestVersion(config: Config): Promise<string | undefined> {
  const installed = (await listInstalled(config.distributionDirectory)).map(({ version }) => version);
  return resolveVersion(undefined, installed)?.version;
}

/** What each version that could be asked for would run, of what is installed now. */
async function runningVersions(config: Config, requested: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const installed = (await listInstalled(config.distributionDirectory)).map(({ version }) => version);
  const running = requested.flatMap((version) => {
    const found = resolveVersion(version, installed);
    return found ? [[version, found.version] as const] : [];
  });
  return new Map(running);
}
