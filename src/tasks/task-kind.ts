import type { Cluster } from "../core/clusters/cluster.ts";
import type { Core } from "../core/core.ts";
import type { Task } from "../core/tasks/task.ts";
import type { StageContext, Substrate, SubstrateStage } from "../substrates/substrate.ts";

/** What a task kind's functions work with. */
export interface TaskScope {
  readonly core: Core;
  readonly substrate: Substrate;
  readonly task: Task;
  readonly cluster: Cluster;
}

/** One kind of task: its stages in order, and what its end means for the cluster. Each function can run twice. */
export interface TaskKindDefinition {
  /** The stages, the same for a task that is taken up again unless the cluster's state is another by then. */
  stages(substrate: Substrate, cluster: Cluster): readonly SubstrateStage[];
  /** Every stage has succeeded. */
  succeeded(scope: TaskScope): Promise<void>;
  /** A stage failed or the task was cancelled, and what was made stays. */
  failed(scope: TaskScope): Promise<void>;
  /** A stage failed and what was made has been undone. */
  rolledBack(scope: TaskScope): Promise<void>;
}

/** A stage of a task kind is a stage of the substrate. */
export type { StageContext };
