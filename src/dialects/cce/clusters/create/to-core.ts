import { type Project, projectRegion } from "../../../../core/accounts/projects.ts";
import type { NewCluster } from "../../../../core/clusters/new-cluster.ts";
import { withoutCredentials } from "../../../common/credentials.ts";
import type { CceSettings } from "../../context.ts";
import { toUuid } from "../../ids.ts";
import { type CceWords, fromWords, restAnnotation } from "../words/index.ts";

/** The parts of a request that are secret, and are kept apart from it. */
interface SentProxy {
  spec?: { authentication?: { authenticatingProxy?: { privateKey?: unknown } } };
}

/**
 * What a request asks for in the core's words.
 * @param words what the request sets, after its check
 * @param sent the request as it was sent, its envelope in the right spelling
 */
export function toNewCluster(
  { id: projectId, accountId, name: projectName, isFirst }: Project,
  words: CceWords,
  sent: Record<string, unknown>,
  { inventory }: Pick<CceSettings, "inventory">,
): NewCluster {
  // It is the service's own: in a copy of another cluster's object it would say what that one is.
  const { [restAnnotation]: _, ...annotations } = words.metadata.annotations ?? {};
  const { name, spec } = fromWords({ ...words, metadata: { ...words.metadata, annotations } });
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
    request: withoutCredentials(sent),
    secrets: proxyKey(sent),
    remarks: [],
    inventory,
  };
}

/** The key of the authenticating proxy: whoever has it can say that he is anybody. */
function proxyKey(sent: SentProxy): Record<string, string> {
  const key = sent.spec?.authentication?.authenticatingProxy?.privateKey;
  return typeof key === "string" && key !== "" ? { "authenticating-proxy-key": key } : {};
}
