import type { Logger } from "pino";
import { isCopyDue } from "../storage/copies.ts";
import type { Database } from "../storage/database.ts";

/** How often it is looked whether the newest copy is older than a day, in milliseconds. */
const checkInterval = 60 * 60_000;

/** Says that the database could not be copied; the service goes on without. */
export const noCopy =
  (log: Logger) =>
  (error: Error): void =>
    log.error({ err: error }, "The database could not be copied; see that its folder of copies can be written.");

/** Copies the embedded database each day, the first time at once where that is due. @returns ends that */
export function copyDaily(home: string, { takeCopy }: Pick<Database, "takeCopy">, log: Logger): () => Promise<void> {
  if (takeCopy === undefined) return async () => undefined;
  const stop = new AbortController();
  let underWay = false;
  const copyIfDue = async () => {
    if (underWay || !(await isCopyDue(home, new Date()))) return;
    underWay = true;
    try {
      const { file } = await takeCopy(stop.signal);
      log.info({ file }, "The database was copied; sampan restore takes a copy back.");
    } finally {
      underWay = false;
    }
  };
  const check = () =>
    copyIfDue().catch((error: Error) => {
      if (!stop.signal.aborted) noCopy(log)(error);
    });
  void check();
  const timer = setInterval(check, checkInterval);
  return async () => {
    clearInterval(timer);
    stop.abort();
  };
}
