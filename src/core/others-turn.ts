import { setImmediate } from "node:timers/promises";

/** Lets everything else that waits for the event loop go first. To be awaited within work that would hold it for long. */
export const othersTurn = (): Promise<void> => setImmediate();
