import type { DistributionOptions, InstallProgress, SourceName } from "./distribution.ts";
import { allSources } from "./install.ts";
import type { Source, SourceCosts } from "./sources/source.ts";
import { newestOfEachMinor } from "./version.ts";

/** What a source has here. */
export interface Offer {
  source: SourceName;
  costs: SourceCosts;
  /** Versions that it can give, the oldest first; none where it cannot be used. */
  versions: string[];
  /** Why it cannot be used. */
  reason?: string;
}

/** The newest patch of each minor version among what sources have, the newest first. */
export const newestPatches = (offers: readonly Offer[]): string[] =>
  newestOfEachMinor(offers.flatMap(({ versions }) => versions));

/** Asks every source which versions it can give on this machine, all at the same time. */
export function listAvailable(
  options: DistributionOptions,
  progress: InstallProgress,
  sources: readonly Source[] = allSources,
): Promise<Offer[]> {
  return Promise.all(
    sources.map(async (source): Promise<Offer> => {
      const { name, costs } = source;
      try {
        return { source: name, costs, versions: await source.available({ options }, progress) };
      } catch (error) {
        progress.signal?.throwIfAborted();
        return { source: name, costs, versions: [], reason: (error as Error).message };
      }
    }),
  );
}
