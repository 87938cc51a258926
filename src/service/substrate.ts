import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { getCluster } from "../core/clusters/clusters.ts";
import type { Core } from "../core/core.ts";
import { addEvent } from "../core/events/events.ts";
import type { Home } from "../storage/home.ts";
import { createLocalSubstrate } from "../substrates/local/index.ts";
import type { Substrate } from "../substrates/substrate.ts";
import { distributionOptions } from "./distribution-options.ts";

/** The substrate of the settings, whose events become those of their clusters. */
export function createSubstrate(config: Config, home: Home, core: Core, log: Logger): Substrate {
  return createLocalSubstrate({
    home: home.path,
    log,
    distribution: distributionOptions(config),
    onEvent: (clusterId, level, reason, message) => {
      noteEvent(core, { clusterId, level, reason, message }).catch((error: unknown) =>
        log.error({ err: error, clusterId, reason }, "An event could not be written."),
      );
    },
  });
}

async function noteEvent(
  core: Core,
  event: { clusterId: string; level: "info" | "warning"; reason: string; message: string },
): Promise<void> {
  const cluster = await getCluster(core, event.clusterId);
  if (cluster) await addEvent(core, { ...event, accountId: cluster.accountId, taskId: null });
}
