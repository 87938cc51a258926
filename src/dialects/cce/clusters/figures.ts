import { type InstanceType, unknownInstanceType } from "../../../core/clouds/cloud.ts";
import { cloudOf } from "../../../core/clouds/index.ts";
import type { SizedCluster } from "../../../core/clusters/clusters.ts";
import { listNodes } from "../../../core/nodes/nodes.ts";
import type { CceContext } from "../context.ts";

/** The annotations of `detail=true`: figures of a cluster's nodes, and its add-ons as a JSON list in a text. */
export async function clusterFigures(
  { core, observer }: CceContext,
  cluster: SizedCluster,
): Promise<Record<string, string>> {
  const nodes = await listNodes(core, cluster.id);
  // Nodes of a cluster that does not answer are not active.
  const readiness =
    nodes.length > 0 ? await observer.nodeReadiness(cluster).catch(() => new Map<string, boolean>()) : new Map();
  const cloud = cloudOf(cluster.dialect);
  const types = nodes.map(({ instanceType }) => cloud.findInstanceType(instanceType) ?? unknownInstanceType);
  const total = (figure: (type: InstanceType) => number) => types.reduce((sum, type) => sum + figure(type), 0);
  return {
    totalNodesNumber: String(nodes.length),
    activeNodesNumber: String(nodes.filter(({ name }) => readiness.get(name)).length),
    totalNodesCPU: String(total(({ cpu }) => cpu)),
    totalNodesMemory: String(total(({ memoryGiB }) => memoryGiB * 1024)),
    installedAddonInstances: JSON.stringify(
      cluster.spec.addons
        .filter(({ disabled }) => !disabled)
        .map(({ name, version }) => ({ addonTemplateName: name, version: version ?? "", status: "running" })),
    ),
  };
}
