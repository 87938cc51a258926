import { addonCatalogue } from "../../../../../core/clouds/alibaba/add-ons.ts";
import { flag, objects, openChoice, required, text } from "../../../../common/parameters/parameter.ts";
import { addonConfig, addonName } from "../value-rules.ts";
import { both, recorded, seen } from "./common.ts";

const addonNames = addonCatalogue.addons.flatMap(({ name, aliases }) => [name, ...aliases]);

/** What is installed in the cluster. */
export const addonParameters = {
  addons: objects(
    {
      name: required(
        openChoice(addonNames, {
          kinds: both,
          rule: addonName,
          meaning: "Name of the add-on.",
          effect:
            "Its objects are in the cluster; of one that runs where users do not see it, and of one that is not known, ConfigMap `addon-<name>`. With `logtail-ds` the API server writes an audit log.",
          observed: "`kubectl get daemonsets,deployments,storageclasses,csidrivers,ingressclasses -A`",
          conditions: ["no name twice"],
        }),
      ),
      config: text({
        kinds: both,
        maxLength: 16_384,
        rule: addonConfig,
        meaning: "Settings of the add-on.",
        effect: "In ConfigMap `addon-<name>`, and in the objects of the add-on that they concern.",
        observed: `ConfigMap \`addon-<name>\` in \`kube-system\`; the add-on's objects; ${seen.resources}`,
      }),
      disabled: flag({
        kinds: both,
        default: false,
        meaning: "Whether the add-on is left out although it is installed by default.",
        effect: "None of its objects is in the cluster; those that every cluster has stay.",
        observed: "the add-on's objects",
        conditions: ["not for the network add-on"],
      }),
      version: text({
        ...recorded("Version of the add-on."),
        defaultIs: "the catalogue's version",
        effect: "Shown as the add-on's version.",
      }),
    },
    {
      kinds: both,
      maxItems: 100,
      meaning: "Add-ons; the network add-on, Flannel or Terway, is among them or follows from other parameters.",
      effect: "They are installed beside those that every cluster has.",
      observed: `objects in the cluster; ${seen.echo}`,
      requiredWhen: "neither `container_cidr` nor `pod_vswitch_ids` says which network add-on is meant",
      conditions: [
        "at most one of `flannel`, `terway-eniip`, `terway-eni`; where none is named, Flannel is implied",
        "not `flexvolume` beside `csi-plugin` or `csi-provisioner`",
      ],
    },
  ),
  cloud_monitor_flags: flag({
    kinds: both,
    default: false,
    meaning: "Whether the nodes have the monitoring agent.",
    effect: "The agent's DaemonSet, and label `sampan.dev/cloud-monitor` of the nodes.",
    observed: "`kubectl get daemonsets -A`; labels of the nodes",
  }),
};
