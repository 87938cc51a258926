import type { ClusterChange } from "../../../../core/clusters/change.ts";
import type { Cluster } from "../../../../core/clusters/cluster.ts";
import type { Violation } from "../../../common/errors/violations.ts";
import { givenParameters } from "../../../common/parameters/given.ts";
import type { Members } from "../../../common/parameters/parameter.ts";
import { bodySchema } from "../../../common/parameters/schema.ts";
import { checkValues } from "../../../common/parameters/value-check.ts";
import { createClusterParameters } from "../create/table/table.ts";

const { required: _, ...clusterName } = createClusterParameters.name;

/** The parameters of ModifyCluster that are supported: those of CreateCluster, so that each has one rule. */
const modifyClusterParameters = {
  cluster_name: clusterName,
  deletion_protection: createClusterParameters.deletion_protection,
} satisfies Members;

/** The body of ModifyCluster. */
export const modifyClusterBody = bodySchema(modifyClusterParameters, "What is to change; all else stays as it is.");

/** What is not changed here, where a client may say that it stays as it is. */
const current: Readonly<Record<string, (cluster: Cluster) => unknown>> = {
  enable_rrsa: ({ spec }) => spec.apiServer.rrsa !== undefined,
  resource_group_id: ({ spec }) => spec.cloud.resourceGroupId,
};

/** What a body asks for. Members that are not set, as old clients send every field, change nothing. */
export function toAckChange(body: unknown): ClusterChange {
  const { cluster_name: name, deletion_protection: deletionProtection } = givenParameters(
    modifyClusterParameters,
    body,
  );
  return { name, spec: { deletionProtection } };
}

/** What is wrong with a body of ModifyCluster, beyond its schema. */
export function checkModifyCluster(cluster: Cluster, body: Readonly<Record<string, unknown>>): Violation[] {
  const given = givenParameters(modifyClusterParameters, body);
  return [...checkValues(modifyClusterParameters, given, cluster.spec.kind), ...unsupported(cluster, body)];
}

/** Refuses what cannot be changed here, rather than to let a client believe that it was. */
function unsupported(cluster: Cluster, body: Readonly<Record<string, unknown>>): Violation[] {
  const wayOut = `ModifyCluster takes ${Object.keys(modifyClusterParameters).join(" and ")}`;
  return Object.entries(body)
    .filter(([name]) => !Object.hasOwn(modifyClusterParameters, name))
    .filter(([name, value]) => (Object.hasOwn(current, name) ? changes(value, current[name]?.(cluster)) : isSet(value)))
    .map(([parameter]) => ({ parameter, rule: "cannot be changed here", wayOut }));
}

/** An empty text is no value at all; a flag may come as a text. */
const changes = (wanted: unknown, present: unknown): boolean =>
  wanted !== "" && wanted !== null && String(wanted).toLowerCase() !== String(present ?? "");

/** Whether a value sets something, or something in it does: an old client sends every field that it knows. */
const isSet = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.values(value).some(isSet) : Boolean(value);
