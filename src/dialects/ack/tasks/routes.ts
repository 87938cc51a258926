import type { FastifyRequest } from "fastify";
import { listEvents } from "../../../core/events/events.ts";
import { requestCancel, requestPause, resumeTask } from "../../../core/tasks/changes.ts";
import type { Task } from "../../../core/tasks/task.ts";
import { findTask, listTasks } from "../../../core/tasks/tasks.ts";
import { page } from "../../common/page.ts";
import { type AckContext, type AckRoutes, requireCluster } from "../context.ts";
import { ackError } from "../errors.ts";
import { invalidParameters } from "../invalid-parameters.ts";
import { routeOf } from "../operations.ts";
import { listTasksQuery } from "../schemas.ts";
import { toAckTask, toAckTaskSummary } from "./to-wire.ts";

type TaskRequest = FastifyRequest<{ Params: { TaskId: string } }>;

/** The operations that change a task, and what each does; false says that the task is past it. */
const changes = [
  { name: "CancelTask", change: requestCancel, rule: "has ended and cannot be cancelled" },
  { name: "PauseTask", change: requestPause, rule: "has ended, or is about to, and cannot be paused" },
  { name: "ResumeTask", change: resumeTask, rule: "is not paused" },
] as const;

/** The operations on tasks. */
export const taskRoutes: AckRoutes = (app, context) => {
  const { core } = context;

  app.route({
    ...routeOf("DescribeTaskInfo", { tags: ["ACK tasks"] }),
    handler: async (request) => {
      const task = await requireTask(context, request);
      return toAckTask(task, await listEvents(core, task.clusterId, task.id));
    },
  });

  app.route({
    ...routeOf("DescribeClusterTasks", { querystring: listTasksQuery, tags: ["ACK tasks"] }),
    handler: async (request) => {
      const cluster = await requireCluster(context, request);
      const { page_number, page_size, ...range } = page(request.query.page_number, request.query.page_size, 10);
      const { tasks, total } = await listTasks(core, cluster.id, range);
      const pageInfo = { page_number, page_size, total_count: total };
      return { requestId: request.id, page_info: pageInfo, next_token: "", tasks: tasks.map(toAckTaskSummary) };
    },
  });

  for (const { name, change, rule } of changes) {
    app.route({
      ...routeOf(name, { tags: ["ACK tasks"] }),
      handler: async (request) => {
        const task = await requireTask(context, request);
        if (!(await change(core, task))) throw invalidParameters([{ parameter: "TaskId", value: task.id, rule }]);
        return { task_id: task.id, request_id: request.id };
      },
    });
  }
};

/** Tasks outlive their cluster. @throws {ApiError} `ErrorTaskNotFound` where the caller has no such task */
async function requireTask({ core }: AckContext, request: TaskRequest): Promise<Task> {
  const { TaskId: taskId } = request.params;
  const task = await findTask(core, request.caller.accountId, taskId);
  if (!task) throw ackError("ErrorTaskNotFound", { taskId });
  return task;
}
