import type { Logger } from "pino";
import { forgetExpiredNonces } from "../core/accounts/accounts.ts";
import { forgetExpiredTokens } from "../core/accounts/tokens.ts";
import { forgetExpiredClientTokens } from "../core/client-tokens/client-tokens.ts";
import type { Core } from "../core/core.ts";

/** How often nonces and tokens that are too old to matter are removed, in milliseconds. */
const sweepInterval = 10 * 60_000;

/** Removes old nonces and tokens from time to time. @returns ends that */
export function sweepExpired(core: Core, log: Logger): () => Promise<void> {
  const sweep = async () => {
    const now = new Date();
    await forgetExpiredNonces(core, now);
    await forgetExpiredTokens(core, now);
    await forgetExpiredClientTokens(core, now);
  };
  const timer = setInterval(
    () => sweep().catch((error: unknown) => log.warn({ err: error }, "Old nonces and tokens were not removed.")),
    sweepInterval,
  );
  return async () => clearInterval(timer);
}
