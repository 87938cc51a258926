import type { SubstrateStage } from "../../substrate.ts";

/** The stage, but that it does not begin where the signal has fired already. */
export function abortable<Stage extends SubstrateStage>(stage: Stage): Stage {
  return {
    ...stage,
    async run(stageContext) {
      stageContext.signal.throwIfAborted();
      await stage.run(stageContext);
    },
  };
}
