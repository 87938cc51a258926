import type { Logger } from "pino";
import type { Config } from "../config.ts";
import { forgetExpiredNonces } from "../core/accounts/accounts.ts";
import { forgetExpiredTokens } from "../core/accounts/tokens.ts";
import { forgetExpiredClientTokens } from "../core/client-tokens/client-tokens.ts";
import type { Core } from "../core/core.ts";
import { forgetHistory, forgetVpcs } from "../core/retention.ts";

const hour = 3_600_000;

/** What is removed when it is too old to matter, and how often it is looked for, in milliseconds. */
const sweeps = [
  { every: hour / 6, forget: [forgetExpiredNonces, forgetExpiredTokens, forgetExpiredClientTokens] },
  { every: hour, forget: [forgetHistory] },
];

/** Removes from time to time what is too old to matter. @returns ends that */
export function sweepExpired(core: Core, log: Logger, { inventory }: Pick<Config, "inventory">): () => Promise<void> {
  // A strict inventory is what may be named: nothing of it is forgotten.
  const all = inventory === "strict" ? sweeps : [...sweeps, { every: hour, forget: [forgetVpcs] }];
  const timers = all.map(({ every, forget }) =>
    setInterval(async () => {
      for (const one of forget)
        await one(core, new Date()).catch((error: unknown) =>
          log.warn({ err: error }, "What is too old to matter was not removed."),
        );
    }, every),
  );
  return async () => {
    for (const timer of timers) clearInterval(timer);
  };
}
