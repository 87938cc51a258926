import { choice, flag, integer, object, objects, required, text } from "../../../../common/parameters/parameter.ts";
import { vendorVersion } from "../value-rules.ts";
import { answered, documented, idLength, notDone, recorded, seen } from "./common.ts";

/** Members of `spec`: what the cluster is. */
export const clusterParameters = {
  category: choice(["CCE", "Turbo"], {
    kinds: [],
    defaultIs: "`Turbo` with the container network `eni`, else `CCE`",
    meaning: "Category of the cluster: `Turbo` clusters have pods on network interfaces of the VPC.",
    effect: "Shown; what makes the difference is the container network.",
    observed: seen.show,
    conditions: ["the container network `eni` needs `Turbo`"],
  }),
  type: choice(["VirtualMachine", "BareMetal", "Windows", "ARM64"], {
    kinds: documented,
    default: "VirtualMachine",
    meaning:
      "Kind of the machines that join the cluster; `ARM64` is from newer versions of the API, which may leave the kind out.",
    effect: "Shown, and in a ConfigMap; `BareMetal` needs `hostNetwork.highwaySubnet`.",
    observed: `${seen.show}; \`workerKind\` in ${seen.info}`,
  }),
  flavor: required(
    text({
      kinds: documented,
      meaning: "Size of the cluster, e.g. `cce.s1.small` (single) or `cce.s2.small` (highly available).",
      effect:
        "Number of control-plane members, each with an etcd and an API server (1 with `s1` and `t1`, 3 with `s2` and `t2`), and the most nodes.",
      observed: `processes and \`etcdctl member list\`; \`nodeLimit\` in ${seen.info}; ${seen.show}`,
      conditions: [
        "`cce.`, perhaps `dec.`, `s1`, `s2`, `t1`, `t2` or `s3`, and `.small`, `.medium`, `.large` or `.xlarge`",
        "`s` is for virtual machines and `t` for bare-metal ones, which nothing is refused for",
      ],
    }),
  ),
  version: text({
    kinds: documented,
    rule: vendorVersion,
    defaultIs: "the newest installed version",
    meaning: "Kubernetes version.",
    effect: "Selects the executables: the version itself, or the nearest installed one.",
    observed: `\`kubectl version\`; ${seen.show}; event \`VersionDiffers\``,
    conditions: ["of a known minor"],
  }),
  platformVersion: text(answered("Version of the platform's own parts.")),
  legacyVersion: text(answered("Version in the older form.")),
  description: text({
    kinds: documented,
    maxLength: 4096,
    meaning: "Description of the cluster; the documents have no limit for it.",
    effect: "Shown, and in a ConfigMap.",
    observed: `${seen.show}; ${seen.info}`,
  }),
  billingMode: integer({
    kinds: documented,
    default: 0,
    meaning: "How the cluster is paid for: 0 is on demand.",
    effect: "Shown; 1 (prepaid) of newer versions is refused.",
    observed: seen.show,
    conditions: ["`0`, as a number or a text"],
  }),
  masters: objects(
    {
      availabilityZone: text({
        kinds: [],
        maxLength: idLength,
        meaning: "Zone of the member.",
        effect: "The member is in that zone.",
        observed: `${seen.show}; \`memberZones\` in ${seen.info}`,
      }),
      flavor: text(recorded("Machine of the member.")),
      faultDomain: text(recorded("Fault domain of the member.")),
    },
    {
      kinds: [],
      defaultIs: "the zone of the subnet",
      meaning: "Where the control-plane members are.",
      effect: "See its members.",
      observed: seen.show,
      conditions: ["an entry for each member that the flavor has"],
    },
  ),
  az: text(answered("Zone of the control plane.")),
  clusterTags: objects(
    {
      key: required(
        text({
          kinds: [],
          maxLength: 128,
          meaning: "Key of the tag.",
          effect: "Shown.",
          observed: seen.show,
        }),
      ),
      value: text({
        kinds: [],
        maxLength: 255,
        meaning: "Value of the tag, which may be empty.",
        effect: "Shown.",
        observed: seen.show,
      }),
    },
    {
      kinds: [],
      maxItems: 20,
      meaning: "Tags of the cluster.",
      effect: "Shown, also through ACK.",
      observed: seen.show,
      conditions: ["no key twice"],
    },
  ),
  deletionProtection: flag({
    kinds: [],
    default: false,
    meaning: "Whether the cluster is protected from deletion.",
    effect: "DeleteCluster is refused while it is true.",
    observed: "DeleteCluster; ShowCluster",
  }),
  agencyName: text(recorded("Agency by which the cluster acts on the account's behalf.")),
  enableMasterVolumeEncryption: flag(notDone("Whether the disks of the control plane are encrypted.")),
  supportIstio: flag(recorded("Whether Istio may be installed.")),
  offloadCluster: flag(notDone("Whether the cluster's own parts run on cards of its nodes.")),
  enableAutopilot: flag(notDone("Whether the cluster has no nodes that are the user's.")),
  enableAutoResizing: flag(notDone("Whether the flavor follows the number of nodes.")),
  enableDistMgt: flag(notDone("Whether nodes may be in other clouds and at the edge.")),
  clusterOps: object({}, notDone("Alarms on the cluster.")),
  configurationsOverride: objects(
    {
      name: required(text(notDone("Component, e.g. `kube-apiserver`."))),
      configurations: objects({}, notDone("Its settings: names and values of any type.")),
    },
    notDone("Settings of the control plane's components."),
  ),
};
