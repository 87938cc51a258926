import type { AddonScope } from "./addon.ts";
import { addonBuilders } from "./builders.ts";
import { clusterConfiguration } from "./cluster-configuration.ts";
import type { ContentPlan } from "./cluster-content.ts";
import { type KubernetesObject, waveOf } from "./kubernetes-object.ts";
import { configMap } from "./objects.ts";

/** Label that names the add-on which an object belongs to, so that it can be found when the add-on goes. */
export const addonLabel = "sampan.dev/addon";

/** Stands in that label for what is no add-on's but the cluster's own. */
export const clusterConfigurationName = "cluster-configuration";

/**
 * Every object that stands in a cluster from the start, in an order in which they can be applied; see
 * {@link waveOf} for what may be applied at the same time. Pure: the same plan gives the same objects.
 *
 * @param kubernetesVersion version of the control plane, `x.y.z`
 */
export function clusterObjects(plan: ContentPlan, kubernetesVersion: string): KubernetesObject[] {
  const objects = [
    ...labelled(clusterConfiguration(plan, kubernetesVersion), clusterConfigurationName),
    ...plan.content.addons.flatMap((addon) => labelled(addonObjects({ addon, plan, kubernetesVersion }), addon.name)),
  ];
  return objects.sort((a, b) => waveOf(a) - waveOf(b));
}

/**
 * An add-on's objects, and its settings as they were given where it has any, or where they are all that shows it. An
 * add-on of a later Sampan's catalogue is kept that way, too.
 */
function addonObjects(scope: AddonScope): KubernetesObject[] {
  const { name, version, config } = scope.addon;
  const objects = addonBuilders.get(name)?.(scope) ?? [];
  if (objects.length > 0 && Object.keys(config).length === 0) return objects;
  return [...objects, configMap(`addon-${nameOf(name)}`, { version, config: JSON.stringify(config, null, 2) })];
}

/** As the name of an object: some add-ons have underscores in theirs. */
const nameOf = (addon: string): string => addon.toLowerCase().replaceAll("_", "-");

function labelled(objects: readonly KubernetesObject[], addon: string): KubernetesObject[] {
  const labels = { "app.kubernetes.io/managed-by": "sampan", [addonLabel]: addon };
  return objects.map((object) => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...labels } },
  }));
}
