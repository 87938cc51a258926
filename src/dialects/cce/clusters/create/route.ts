import { findCluster } from "../../../../core/clusters/clusters.ts";
import { createCluster, ProjectGoneError } from "../../../../core/clusters/create.ts";
import { NetworkConflictError } from "../../../../core/inventory/network-conflict.ts";
import { NoPodRangeError, NoRoomError } from "../../../../core/inventory/no-room.ts";
import { checkedBody, taking } from "../../../common/checked-body.ts";
import { conflictViolations } from "../../../common/errors/network-conflicts.ts";
import { describeViolations } from "../../../common/errors/violations.ts";
import { type CceRoutes, requireProject } from "../../context.ts";
import { cceError } from "../../errors.ts";
import { routeOf } from "../../operations.ts";
import { cceVocabulary } from "../../vocabulary.ts";
import { describeClusters } from "../describe.ts";
import { createClusterBody } from "./body.ts";
import { toNewCluster } from "./to-core.ts";

/** CreateCluster: everything is checked before anything is written. */
export const createClusterRoute: CceRoutes = (app, context) => {
  const { core, settings } = context;
  app.route({
    ...routeOf("CreateCluster", { body: createClusterBody.schema, tags: ["CCE clusters"] }),
    ...taking(createClusterBody),
    handler: async (request, reply) => {
      const project = await requireProject(context, request);
      const checked = checkedBody(request, createClusterBody, { strict: settings.validation === "strict" });
      const wanted = toNewCluster(project, checked, settings);
      const { clusterId, taskId } = await createCluster(core, wanted).catch((error: unknown) => {
        throw toCceError(error);
      });
      const cluster = await findCluster(core, wanted.accountId, clusterId);
      if (!cluster) throw new Error(`Cluster ${clusterId} is gone at once after task ${taskId} was queued.`);
      const [described] = await describeClusters(context, [cluster]);
      return reply.code(201).send(described);
    },
  });
};

/** What the core refuses for its networks is a violation of the parameters that name them. */
export function toCceError(error: unknown): unknown {
  if (error instanceof NoPodRangeError) return cceError("CCE.01400017", { reason: error.message });
  if (error instanceof ProjectGoneError) return cceError("CCE.01400001", { reason: error.message });
  if (error instanceof NoRoomError) return cceError("CCE.01400001", { reason: error.message });
  if (!(error instanceof NetworkConflictError)) return error;
  const violations = conflictViolations(error, cceVocabulary);
  if (error.conflicts.every(({ field }) => field === "podCidr"))
    return cceError("CCE.01400005", { reason: describeViolations(violations) });
  return cceError("CCE.01400001", { reason: describeViolations(violations) });
}
