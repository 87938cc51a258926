import { type Given, type Members, object, required } from "../../../../common/parameters/parameter.ts";
import { authenticationParameters } from "./authentication.ts";
import { clusterParameters } from "./cluster.ts";
import { documented, seen } from "./common.ts";
import { extendParameters } from "./extend-param.ts";
import { envelopeParameters } from "./metadata.ts";
import { networkParameters } from "./network.ts";
import { requestParameters } from "./request.ts";

const specFacts = {
  kinds: documented,
  meaning: "What is wanted of the cluster.",
  effect: "See its members.",
  observed: `\`spec\` of ${seen.show}`,
};

const specParameters = {
  ...clusterParameters,
  ...networkParameters,
  ...authenticationParameters,
  ...extendParameters,
};

/**
 * Every parameter of CreateCluster's body, as the documents have them, and those that newer versions of the API send.
 * Validation, the OpenAPI description and docs/parameters.md are made from it.
 */
export const createClusterParameters = {
  ...envelopeParameters,
  spec: required(object(specParameters, specFacts)),
} satisfies Members;

/** The parameters in groups, as the documentation shows them: each with what stands before its members' names. */
export const parameterGroups: readonly { title: string; prefix: string; parameters: Members }[] = [
  { title: "Path and headers", prefix: "", parameters: requestParameters },
  { title: "Object", prefix: "", parameters: { ...envelopeParameters, spec: required(object({}, specFacts)) } },
  { title: "Cluster", prefix: "spec.", parameters: clusterParameters },
  { title: "Network", prefix: "spec.", parameters: networkParameters },
  { title: "Authentication and encryption", prefix: "spec.", parameters: authenticationParameters },
  { title: "Further settings", prefix: "spec.", parameters: extendParameters },
];

/** What `spec` of a body sets. */
export type GivenSpec = NonNullable<Given<typeof createClusterParameters>["spec"]>;
