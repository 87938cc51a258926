import type { Cluster, ClusterState } from "../../core/clusters/cluster.ts";
import type { SubstrateStage, SubstrateWork } from "../../substrates/substrate.ts";

/** How a task can end. `undone`: a stage failed, and everything that was made has been removed again. */
export type TaskEnd = "succeeded" | "failed" | "cancelled" | "undone";

/** One kind of task: its stages in order, and what each end of it makes of the cluster. */
export interface TaskKindDefinition {
  /** The stages, the same for a task that is taken up again unless the cluster's state is another by then. */
  stages(work: SubstrateWork, cluster: Cluster): readonly SubstrateStage[];
  /** The cluster's state after each end: `gone` has no row any more, `same` stays what it was. */
  readonly states: Readonly<Record<TaskEnd, ClusterState | "gone" | "same">>;
}
