import type { SubstrateStage, UndoableStage } from "./substrate.ts";

/** The stages that remove what these make: their undos, the last one first. */
export const undosOf = (stages: readonly UndoableStage[]): readonly SubstrateStage[] =>
  stages.toReversed().map(({ name, kind, undo }) => ({ name, kind, ...undo }));
