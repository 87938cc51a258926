import type { ClusterChange } from "../../../../core/clusters/change.ts";
import type { Given } from "../../../common/parameters/parameter.ts";
import type { modifyClusterParameters } from "./body.ts";

/** What a body asks for. Members that are not set, as old clients send every field, change nothing. */
export const toAckChange = ({
  cluster_name: name,
  deletion_protection: deletionProtection,
}: Given<typeof modifyClusterParameters>): ClusterChange => ({ name, spec: { deletionProtection } });
