import type { Cluster } from "../../../../core/clusters/cluster.ts";
import { requestBody } from "../../../common/checked-body.ts";
import { clearable, membersOf, object, partOf } from "../../../common/parameters/parameter.ts";
import { refuseUnchangeable } from "../../../common/parameters/unchangeable.ts";
import { toUuid } from "../../ids.ts";
import { createClusterParameters } from "../create/table/table.ts";
import { rangeRules } from "./range-rules.ts";

const { metadata, spec } = createClusterParameters;
const { description, customSan, containerNetwork, eniNetwork, hostNetwork, agencyName } = spec.members;

/** What can be changed: parameters of CreateCluster, with their rules and limits. */
export const updateClusterParameters = {
  metadata: partOf(metadata, "alias"),
  spec: object(
    {
      description: clearable(description),
      customSan: clearable(customSan),
      ...membersOf(spec.members, "deletionProtection"),
      containerNetwork: partOf(containerNetwork, "cidrs"),
      eniNetwork: partOf(eniNetwork, "subnets"),
      hostNetwork: partOf(hostNetwork, "SecurityGroup"),
      agencyName: clearable(agencyName),
      ...membersOf(spec.members, "enableAutoResizing"),
    },
    { meaning: "What is to change of what is wanted of the cluster." },
  ),
};

/** The body of UpdateCluster, about the cluster that it changes. */
export const updateClusterBody = requestBody({
  members: updateClusterParameters,
  description: "What is to change; all else stays as it is.",
  rules: [
    ({ read, subject: { name, id } }: { read: unknown; subject: Cluster }) =>
      refuseUnchangeable(updateClusterParameters, read, {
        operation: "UpdateCluster",
        // Clients may name the cluster that they change.
        present: { "metadata.name": name, "metadata.uid": toUuid(id) },
        // Of the envelope nothing else means anything.
      }).filter(({ parameter }) => parameter.includes(".")),
    ({ given, subject }) => rangeRules.flatMap((rule) => rule(subject.spec.network, given.spec ?? {})),
  ],
});
