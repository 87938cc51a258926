import { flag, objects, required, text } from "../../../common/parameters/parameter.ts";
import { addonConfig } from "../value-rules.ts";
import { both, recorded, seen } from "./common.ts";

/** The most add-ons that a request names: there are not so many. */
export const mostAddons = 100;

/** What is installed in the cluster. */
export const addonParameters = {
  addons: objects(
    {
      name: required(
        text({
          kinds: both,
          meaning: "Name of the add-on.",
          effect:
            "Its objects are in the cluster; of one that runs where users do not see it, ConfigMap `addon-<name>`. With `logtail-ds` the API server writes an audit log.",
          observed: "`kubectl get daemonsets,deployments,storageclasses,csidrivers,ingressclasses -A`",
          conditions: ["a name of the catalogue", "no name twice"],
        }),
      ),
      config: text({
        kinds: both,
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
      maxItems: mostAddons,
      meaning: "Add-ons; one of them is the network add-on, Flannel or Terway.",
      effect: "They are installed beside those that every cluster has.",
      observed: `objects in the cluster; ${seen.echo}`,
      requiredWhen: "neither `container_cidr` nor `pod_vswitch_ids` says which network add-on is meant",
      conditions: [
        "exactly one of `flannel`, `terway-eniip`, `terway-eni` where any add-on is given",
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
