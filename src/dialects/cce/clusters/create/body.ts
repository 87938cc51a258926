import { requestBody } from "../../../common/checked-body.ts";
import { refuseVersion } from "../../../common/parameters/unlisted.ts";
import { remarks } from "./remarks.ts";
import { misspelt, respell } from "./respell.ts";
import { authenticationRules } from "./rules/authentication-rules.ts";
import { controlPlaneRules } from "./rules/control-plane-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { settingsRules } from "./rules/settings-rules.ts";
import { spellings } from "./spellings.ts";
import { createClusterParameters } from "./table/table.ts";

const rules = [...controlPlaneRules, ...networkRules, ...authenticationRules, ...settingsRules];

/** The body of CreateCluster. */
export const createClusterBody = requestBody({
  members: createClusterParameters,
  description: "A cluster as it is wanted.",
  keys: { respell, misspelt },
  spellings,
  rules: [({ body }) => rules.flatMap((rule) => rule(body.spec))],
  strictRules: [({ given }) => refuseVersion("cce", "spec.version", given.spec?.version)],
  remarks,
  waysOut: {
    kind: "Cluster",
    apiVersion: "v3",
    metadata: "it has the cluster's name",
    "metadata.name": "name the cluster",
    spec: "it has what is wanted of the cluster",
    "spec.flavor": "e.g. cce.s1.small, or cce.s2.small for three control-plane members",
    "spec.hostNetwork": "it has the VPC and the subnet of the nodes",
    "spec.hostNetwork.vpc": "name the VPC of the nodes; an unknown one is registered",
    "spec.hostNetwork.subnet": "name the subnet of the nodes; an unknown one is registered",
    "spec.containerNetwork": "it has the mode of the container network",
    "spec.containerNetwork.mode": "overlay_l2, underlay_ipvlan, vpc-router or eni",
  },
});
