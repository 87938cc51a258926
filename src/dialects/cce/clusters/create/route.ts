import type { FastifyRequest } from "fastify";
import { getCluster } from "../../../../core/clusters/clusters.ts";
import { createCluster, ProjectGoneError } from "../../../../core/clusters/create.ts";
import { type NetworkConflict, NetworkConflictError } from "../../../../core/inventory/network-conflict.ts";
import { NoPodRangeError, NoRoomError } from "../../../../core/inventory/no-room.ts";
import { describeViolations, toViolations } from "../../../common/errors/violations.ts";
import { givenParameters } from "../../../common/parameters/given.ts";
import { allViolations } from "../../../common/parameters/value-check.ts";
import { type CceRoutes, type ProjectParams, requireProject } from "../../context.ts";
import { cceError } from "../../errors.ts";
import { routeOf } from "../../operations.ts";
import { cceVocabulary } from "../../vocabulary.ts";
import { describeClusters } from "../describe.ts";
import type { CceWords } from "../words/index.ts";
import {
  checkCreateCluster,
  createClusterBody,
  createClusterParameters,
  normaliseBody,
  remarksOn,
  withoutAnswered,
} from "./index.ts";
import { toNewCluster } from "./to-core.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The body as it was sent, in the right spelling: validation turns texts into numbers and booleans in place. */
    sentObject: Record<string, unknown>;
  }
}

/** CreateCluster: everything is checked before anything is written. */
export const createClusterRoute: CceRoutes = (app, context) => {
  const { core, settings } = context;
  app.decorateRequest("sentObject");
  app.route<{ Params: ProjectParams; Body: unknown }>({
    ...routeOf("CreateCluster"),
    schema: { body: createClusterBody, tags: ["CCE clusters"] },
    preValidation: keepSentObject,
    // What the schema finds is reported together with what the rules find.
    attachValidation: true,
    handler: async (request, reply) => {
      const project = await requireProject(context, request);
      const { body, sentObject, validationError } = request;
      const ofSchema = toViolations(validationError?.validation ?? [], body);
      const ofRules = checkCreateCluster(body, { strict: settings.validation === "strict" });
      const [first, ...others] = allViolations(ofSchema, ofRules);
      if (first) throw cceVocabulary.invalidParameters([first, ...others]);
      // Passed its check: what has to be there is there.
      const words = givenParameters(createClusterParameters, body) as CceWords;
      const wanted = toNewCluster(project, words, withoutAnswered(sentObject), settings);
      wanted.remarks.push(...remarksOn(body));
      const { clusterId, taskId } = await createCluster(core, wanted).catch((error: unknown) => {
        throw toCceError(error);
      });
      const cluster = await getCluster(core, clusterId);
      if (!cluster) throw new Error(`Cluster ${clusterId} is gone at once after task ${taskId} was queued.`);
      const [described] = await describeClusters(context, [{ ...cluster, size: 0 }]);
      return reply.code(201).send(described);
    },
  });
};

/** The envelope's keys may come in another case, and `hostNetwork` as the documents misspell it. */
async function keepSentObject(request: FastifyRequest): Promise<void> {
  request.body = normaliseBody(request.body);
  request.sentObject = structuredClone(request.body) as Record<string, unknown>;
}

/** The request's own names of what can be in conflict. */
const parameters: Readonly<Record<NetworkConflict["field"], string>> = {
  vpcId: "spec.hostNetwork.vpc",
  vswitchId: "spec.hostNetwork.subnet",
  securityGroupId: "spec.hostNetwork.SecurityGroup",
  serviceCidr: "spec.serviceNetwork.IPv4CIDR",
  podCidr: "spec.containerNetwork.cidr",
};

/** What the core refuses for its networks is a violation of the parameters that name them. */
export function toCceError(error: unknown): unknown {
  if (error instanceof NoPodRangeError) return cceError("CCE.01400017", { reason: error.message });
  if (error instanceof ProjectGoneError) return cceError("CCE.01400001", { reason: error.message });
  if (error instanceof NoRoomError) return cceError("CCE.01400001", { reason: error.message });
  if (!(error instanceof NetworkConflictError)) return error;
  const violations = error.conflicts.map(({ field, ...rest }) => ({ parameter: parameters[field], ...rest }));
  if (error.conflicts.every(({ field }) => field === "podCidr"))
    return cceError("CCE.01400005", { reason: describeViolations(violations) });
  return cceError("CCE.01400001", { reason: describeViolations(violations) });
}
