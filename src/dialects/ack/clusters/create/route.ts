import { ClientTokenReusedError, onceByToken } from "../../../../core/client-tokens/client-tokens.ts";
import { createCluster } from "../../../../core/clusters/create.ts";
import type { NewCluster } from "../../../../core/clusters/new-cluster.ts";
import type { Core } from "../../../../core/core.ts";
import { type NetworkConflict, NetworkConflictError } from "../../../../core/inventory/network-conflict.ts";
import { NoRoomError } from "../../../../core/inventory/no-room.ts";
import { checkedBody, taking } from "../../../common/checked-body.ts";
import type { Violation } from "../../../common/errors/violations.ts";
import type { AckRoutes } from "../../context.ts";
import { ackError } from "../../errors.ts";
import { invalidParameters } from "../../invalid-parameters.ts";
import { routeOf } from "../../operations.ts";
import { toAckClusterId } from "../to-wire.ts";
import { createClusterBody } from "./body.ts";
import { toNewCluster } from "./to-core.ts";

/** CreateCluster: everything is checked before anything is written. */
export const createClusterRoute: AckRoutes = (app, { core, settings }) => {
  app.route({
    ...routeOf("CreateCluster"),
    ...taking(createClusterBody),
    schema: { body: createClusterBody.schema, tags: ["ACK clusters"] },
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
  const violations = error.conflicts.map(({ field, ...rest }): Violation => {
    const [place = parameters[field]] = placesOf(rest.value, body);
    return { parameter: place, ...rest };
  });
  const [first, ...others] = violations;
  return first ? invalidParameters([first, ...others]) : error;
}

/** The request's own names of what can be in conflict. */
const parameters: Readonly<Record<NetworkConflict["field"], string>> = {
  vpcId: "vpcid",
  vswitchId: "vswitch_ids",
  securityGroupId: "security_group_id",
  serviceCidr: "service_cidr",
  podCidr: "container_cidr",
};

/** Where a value stands in a body: an id may be named in several parameters. */
function placesOf(wanted: string, value: unknown, place = ""): string[] {
  if (value === wanted) return [place];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const step = Array.isArray(value) ? `${place}[${name}]` : place ? `${place}.${name}` : name;
    return placesOf(wanted, inner, step);
  });
}
