import { type Project, projectRegion } from "../../../../core/accounts/projects.ts";
import type { NewCluster } from "../../../../core/clusters/new-cluster.ts";
import type { CheckedBody } from "../../../common/checked-body.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import type { CceSettings } from "../../context.ts";
import { toUuid } from "../../ids.ts";
import { restAnnotation, toWanted } from "../words/index.ts";
import { withoutAnswered } from "./answered.ts";
import type { createClusterParameters } from "./table/table.ts";

/** A body of CreateCluster that has passed its check. */
export type CheckedCluster = Pick<CheckedBody<typeof createClusterParameters>, "body" | "sent" | "remarks">;

/** What a request asks for in the core's words. */
export function toNewCluster(
  { id: projectId, accountId, name: projectName, isFirst }: Project,
  { body, sent, remarks }: CheckedCluster,
  { inventory }: Pick<CceSettings, "inventory">,
): NewCluster {
  // It is the service's own: in a copy of another cluster's object it would say what that one is.
  const { [restAnnotation]: _, ...annotations } = body.metadata.annotations ?? {};
  const { name, spec } = toWanted({ ...body, metadata: { ...body.metadata, annotations } });
  return {
    accountId,
    projectId: isFirst ? null : projectId,
    sees: "project",
    dialect: "cce",
    spellId: toUuid,
    podRange: "choose",
    name,
    region: projectRegion(projectName),
    spec,
    nodePools: [],
    request: withoutCredentials(withoutAnswered(sent)),
    secrets: proxyKey(body),
    remarks,
    inventory,
  };
}

/** The key of the authenticating proxy: whoever has it can say that he is anybody. */
function proxyKey({ spec }: CheckedCluster["body"]): Record<string, string> {
  const key = spec.authentication?.authenticatingProxy?.privateKey;
  return key === undefined ? {} : { "authenticating-proxy-key": key };
}
