import type { SubstrateStage } from "../../substrate.ts";

/** The stage, but that it does not begin where the signal has fired already. */
export function abortable(stage: SubstrateStage): SubstrateStage {
  return {
    ...stage,
    async run(stageContext) {
      stageContext.signal.throwIfAborted();
      await stage.run(stageContext);
    },
  };
}
