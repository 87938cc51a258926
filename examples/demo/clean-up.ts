import { rm } from "node:fs/promises";
import { type AckClient, deleteCluster } from "./ack.ts";
import type { Interruption } from "./interruption.ts";
import { runSteps, type ShownStep, type Step } from "./progress.ts";
import type { TemporaryService } from "./service.ts";

/** What may have been made. */
export interface Made {
  /** Temporary folder. */
  folder: string;
  service?: TemporaryService;
  client?: AckClient;
  clusterId?: string;
}

/** Milliseconds that the service gets for a normal stop, which ends builds and clusters; twice what it needs at worst. */
const stopMs = 60_000;

/** Milliseconds that the deletion of the cluster may take; it needs two seconds, and a crowded machine some more. */
const deletionMs = 120_000;

/**
 * Takes back whatever has been made. The second interruption leaves the API out, the third one kills.
 * @throws {Error} with the first thing that went wrong; the rest is done all the same.
 */
export async function cleanUp({ folder, service, client, clusterId }: Made, interruption: Interruption): Promise<void> {
  const { hurry, kill } = interruption;
  const failures: Error[] = [];
  const step = (title: string, work: (shown: ShownStep) => Promise<void>): Step => ({
    title,
    run: async (shown) => {
      await work(shown).catch((error: Error) => {
        shown.rename(`${title}: ${error.message}`);
        failures.push(error);
      });
      return undefined;
    },
  });
  const steps: Step[] = [];
  if (client && clusterId && service?.isRunning())
    steps.push(step("Delete the cluster", (shown) => deleteUnlessHurried(client, clusterId, shown, hurry)));
  if (service)
    steps.push(step("Stop Sampan", () => service.stop(AbortSignal.any([kill, AbortSignal.timeout(stopMs)]))));
  steps.push(step(`Remove ${folder}`, () => rm(folder, { recursive: true, force: true })));
  await runSteps(steps);
  if (failures[0]) throw failures[0];
}

async function deleteUnlessHurried(
  client: AckClient,
  clusterId: string,
  shown: ShownStep,
  hurry: AbortSignal,
): Promise<void> {
  const limit = AbortSignal.timeout(deletionMs);
  try {
    await deleteCluster(client, clusterId, AbortSignal.any([hurry, limit]));
  } catch (error) {
    if (limit.aborted) throw new Error(`The cluster was not deleted within ${deletionMs / 1000} s.`, { cause: error });
    if (!hurry.aborted) throw error;
    shown.rename("Delete the cluster: not waited for");
  }
}
