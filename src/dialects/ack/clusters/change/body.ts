import type { Cluster } from "../../../../core/clusters/cluster.ts";
import { requestBody } from "../../../common/checked-body.ts";
import { changeable } from "../../../common/parameters/parameter.ts";
import { refuseUnchangeable } from "../../../common/parameters/unchangeable.ts";
import { createClusterParameters } from "../create/table/table.ts";

/** The parameters of ModifyCluster that are supported: those of CreateCluster, so that each has one rule. */
export const modifyClusterParameters = {
  cluster_name: changeable(createClusterParameters.name),
  deletion_protection: changeable(createClusterParameters.deletion_protection),
};

/** The body of ModifyCluster, about the cluster that it changes. */
export const modifyClusterBody = requestBody({
  members: modifyClusterParameters,
  description: "What is to change; all else stays as it is.",
  kindOf: (_given, { spec }: Cluster) => spec.kind,
  rules: [
    ({ read, subject: { spec } }) =>
      refuseUnchangeable(modifyClusterParameters, read, {
        operation: "ModifyCluster",
        present: {
          enable_rrsa: spec.apiServer.rrsa !== undefined,
          resource_group_id: spec.cloud.resourceGroupId ?? "",
        },
      }),
  ],
});
