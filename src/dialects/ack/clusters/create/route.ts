import { ClientTokenReusedError, onceByToken } from "../../../../core/client-tokens/client-tokens.ts";
import { createCluster } from "../../../../core/clusters/create.ts";
import type { NewCluster } from "../../../../core/clusters/new-cluster.ts";
import type { Core } from "../../../../core/core.ts";
import { NetworkConflictError } from "../../../../core/inventory/network-conflict.ts";
import { NoRoomError } from "../../../../core/inventory/no-room.ts";
import { checkedBody, taking } from "../../../common/checked-body.ts";
import { conflictViolations } from "../../../common/errors/network-conflicts.ts";
import { RefusedRequest } from "../../../common/errors/violations.ts";
import type { AckRoutes } from "../../context.ts";
import { ackError } from "../../errors.ts";
import { routeOf } from "../../operations.ts";
import { ackVocabulary } from "../../vocabulary.ts";
import { toAckClusterId } from "../to-wire.ts";
import { createClusterBody } from "./body.ts";
import { toNewCluster } from "./to-core.ts";

/** CreateCluster: everything is checked before anything is written. */
export const createClusterRoute: AckRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("CreateCluster", { body: createClusterBody.schema, tags: ["ACK clusters"] }),
    ...taking(createClusterBody),
    handler: async (request) => {
      const checked = checkedBody(request, createClusterBody, { strict: settings.validation === "strict" });
      const { body, sent } = checked;
      const wanted = toNewCluster(request.caller.accountId, checked, settings);
      const { clusterId, taskId } = await createOnce(core, wanted, { token: body.client_token, sent }).catch(
        (error: unknown) => {
          throw toAckError(error, request.body);
        },
      );
      return { cluster_id: toAckClusterId(clusterId), task_id: taskId, request_id: request.id };
    },
  });
};

/** Makes a cluster, or gives what became of the same request under the client's token. */
async function createOnce(
  core: Core,
  wanted: NewCluster,
  { token, sent }: { token: string | undefined; sent: Readonly<Record<string, unknown>> },
) {
  if (token === undefined) return createCluster(core, wanted);
  const request = { accountId: wanted.accountId, operation: "ack.CreateCluster", token, content: sent };
  return onceByToken(core, request, (inside) => createCluster(inside, wanted)).catch((error: unknown) => {
    throw error instanceof ClientTokenReusedError ? ackError("IdempotentParameterMismatch", { token }) : error;
  });
}

/** What the core refuses for its networks is a violation of the parameters that name them. */
function toAckError(error: unknown, body: unknown): unknown {
  if (error instanceof NoRoomError) return ackError("InvalidParameter", { reason: error.message });
  if (!(error instanceof NetworkConflictError)) return error;
  const [first, ...others] = conflictViolations(error, ackVocabulary, body);
  return first ? new RefusedRequest([first, ...others]) : error;
}
