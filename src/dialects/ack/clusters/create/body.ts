import { requestBody } from "../../../common/checked-body.ts";
import type { Violation } from "../../../common/errors/violations.ts";
import { refuseVersion } from "../../../common/parameters/unlisted.ts";
import { remarks } from "./remarks.ts";
import { addonRules } from "./rules/add-on-rules.ts";
import { billingRules } from "./rules/billing-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { nodeRules } from "./rules/node-rules.ts";
import { poolRules } from "./rules/pool-rules.ts";
import { spellings } from "./spellings.ts";
import { createClusterParameters, kindOf } from "./table/table.ts";

/** Registered clusters are known to the API, and their parameters to none of the documents. */
const registered: Violation = {
  parameter: "cluster_type",
  value: "ExternalKubernetes",
  rule: "cannot be made here",
  wayOut: "registered clusters are not supported; ask for ManagedKubernetes or Kubernetes",
};

/** The body of CreateCluster. */
export const createClusterBody = requestBody({
  members: createClusterParameters,
  description: "A managed cluster (`ManagedKubernetes`) or a dedicated one (`Kubernetes`).",
  kindOf: ({ cluster_type }) => kindOf(cluster_type),
  withoutKind: ({ cluster_type }) => (cluster_type === "ExternalKubernetes" ? [registered] : []),
  spellings,
  rules: [...poolRules, ...networkRules, ...addonRules, ...nodeRules, ...billingRules],
  strictRules: [({ given }) => refuseVersion("ack", "kubernetes_version", given.kubernetes_version)],
  remarks,
  waysOut: { cluster_type: "ManagedKubernetes or Kubernetes" },
});
