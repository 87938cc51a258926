import { findTask } from "../../../core/tasks/tasks.ts";
import { type CceRoutes, notFound, requireProject } from "../context.ts";
import { fromJobId } from "../ids.ts";
import { routeOf } from "../operations.ts";
import { jobOf } from "./to-wire.ts";

/** ShowJob: a task of a cluster, or one of its stages. Jobs outlive their cluster. */
export const jobRoutes: CceRoutes = (app, context) => {
  app.route({
    ...routeOf("ShowJob", { tags: ["CCE jobs"] }),
    handler: async (request) => {
      const project = await requireProject(context, request);
      const reference = fromJobId(request.params.job_id);
      const task = reference && (await findTask(context.core, project.accountId, reference.taskId));
      const isOurs = task && (task.projectId === null ? project.isFirst : task.projectId === project.id);
      const job = isOurs && jobOf(task, reference.stage);
      if (!job) throw notFound("job", request.params.job_id);
      return job;
    },
  });
};
