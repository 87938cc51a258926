import type { StageRecord, StageState } from "../core/tasks/task.ts";

/** Progress messages are written at most this often, in milliseconds: they come by the hundred during a download. */
const messageInterval = 250;

/** Keeps the record of a task's stages, in memory and in the database. */
export interface StageRecorder {
  readonly stages: readonly StageRecord[];
  stateOf(name: string): StageState;
  /** Moves a stage to a state, with its times and what else is given. Resolves when it is written. */
  move(name: string, state: StageState, further?: Pick<StageRecord, "message" | "endedBy">): Promise<void>;
  /** Replaces a stage's message soon. */
  report(name: string, message: string): void;
  /** Writes what is not yet written. Rejects where a write in the background failed. */
  flush(): Promise<void>;
  /** Writes nothing any more; resolves when no write is under way. Never rejects. */
  stop(): Promise<void>;
}

/**
 * @param planned the stages of the task in order
 * @param recorded what an earlier run of the task left
 * @param save writes the whole list
 */
export function createStageRecorder(
  planned: readonly Pick<StageRecord, "name" | "kind" | "title">[],
  recorded: readonly StageRecord[],
  save: (stages: StageRecord[]) => Promise<void>,
): StageRecorder {
  const stages = planned.map(
    ({ name, kind, title }): StageRecord =>
      recorded.find((stage) => stage.name === name) ?? { name, kind, title, state: "waiting" },
  );
  let writing: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  /** One write after the other, each with the newest state, so that an older list never overwrites a newer one. */
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const written = writing.catch(() => undefined).then(() => save(structuredClone(stages)));
    writing = written;
    return written;
  };
  const find = (name: string): StageRecord => {
    const stage = stages.find((candidate) => candidate.name === name);
    if (!stage) throw new Error(`The task has no stage "${name}".`);
    return stage;
  };

  return {
    stages,
    stateOf: (name) => find(name).state,
    async move(name, state, further) {
      const stage = find(name);
      const now = new Date().toISOString();
      stage.state = state;
      if (state === "running") {
        stage.startedAt ??= now;
        delete stage.endedAt;
      } else stage.endedAt = now;
      Object.assign(stage, further);
      await write();
    },
    report(name, message) {
      find(name).message = message;
      // A write that fails here is found by the flush or move that follows it.
      timer ??= setTimeout(() => void write().catch(() => undefined), messageInterval);
    },
    flush: () => (timer ? write() : writing),
    async stop() {
      clearTimeout(timer);
      await writing.catch(() => undefined);
    },
  };
}
