import type { Substrate } from "../substrate.ts";

/** Where a substrate is tried: what the contract has to know of it that the port does not say. */
export interface World {
  /** A substrate as a newly started Sampan has it, among what earlier ones made. */
  newSubstrate(): Substrate;
  /** Whatever there is of a cluster, in words of the world's own, such as the names of its processes; nothing of one that is gone. */
  remains(clusterId: string): Promise<string[]>;
  /** Ends whatever runs and leaves nothing behind. */
  remove(): Promise<void>;
}
