import { Listr, type ListrTask } from "listr2";
import { progressLines } from "../../src/cli/distribution.ts";

/** One step of a longer work, as it is shown to people. */
export interface Step {
  title: string;
  /** Does it. The steps that it returns are shown and done below it. */
  run(shown: ShownStep): Promise<readonly Step[] | undefined>;
}

/** What a step can change of how it is shown. */
export interface ShownStep {
  /** What goes on right now. */
  say(message: string): void;
  /** What stays when the step is over. */
  rename(title: string): void;
}

/**
 * Does one step after the other: drawn over itself on a terminal, plain lines otherwise.
 * @throws what a step throws; those after it are not begun.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const list = new Listr(steps.map(toListrTask), {
    renderer: process.stdout.isTTY ? "default" : "simple",
    rendererOptions: { collapseSubtasks: false, collapseErrors: false, showErrorMessage: false },
    // Interruption is handled elsewhere: listr2 would end the process before anything is cleaned up.
    registerSignalListeners: false,
  });
  await list.run();
}

function toListrTask({ title, run }: Step): ListrTask {
  return {
    title,
    async task(_context, task) {
      const show = (message: string) => {
        task.output = message.trimEnd();
      };
      const say = process.stdout.isTTY ? show : progressLines(show);
      let said: string | undefined;
      const below = await run({
        say(message) {
          if (message !== said) say(message);
          said = message;
        },
        rename(newTitle) {
          task.title = newTitle;
        },
      });
      return below && task.newListr(below.map(toListrTask));
    },
  };
}
