import {
  byKind,
  choice,
  type Facts,
  flag,
  integer,
  object,
  objects,
  text,
} from "../../../../common/parameters/parameter.ts";
import { base64, fileLength } from "../../../../common/parameters/value-rules.ts";
import type { Kind } from "../kind.ts";
import { longestNodeNameMode } from "../node-name-mode.ts";
import { dedicatedNodeNames, labelKey, labelValue, managedNodeNames } from "../value-rules.ts";
import { cpuPolicies, idLength, keyValueList, moreNodes, runtimes, seen, taintList } from "./common.ts";
import { scalingGroup } from "./scaling-group.ts";

const documented: { kinds: readonly Kind[]; newerFor: readonly Kind[] } = {
  kinds: ["dedicated"],
  newerFor: ["managed"],
};

const fact = (meaning: string, effect: string, observed: string): Facts => ({
  ...documented,
  meaning,
  effect,
  observed,
});

const kept = (meaning: string): Facts => fact(meaning, "Kept with the pool as it was sent.", seen.pools);
const newer = (meaning: string): Facts => ({ ...kept(meaning), kinds: [], newerFor: undefined });
const group = (meaning: string): Facts => fact(meaning, "See its members.", seen.pools);

const kubernetesConfig = {
  labels: keyValueList(
    fact("Labels of the pool's nodes.", "Labels of the nodes.", "`kubectl get nodes --show-labels`"),
    { ...fact("Key of the label.", "Key of the label on the nodes.", "labels of the nodes"), rule: labelKey },
    { ...fact("Value of the label.", "Value of the label on the nodes.", "labels of the nodes"), rule: labelValue },
  ),
  taints: taintList(fact("Taints of the pool's nodes.", "`spec.taints` of the nodes.", "`kubectl describe nodes`")),
  runtime: choice(runtimes, {
    ...fact(
      "Name of the container runtime; a text here, unlike the cluster's.",
      "First part of the nodes' `containerRuntimeVersion`; `Sandboxed-Container.runv` also gets a RuntimeClass.",
      "`status.nodeInfo` of the nodes; `kubectl get runtimeclass`",
    ),
    defaultIs: "the cluster's",
  }),
  runtime_version: text({
    ...fact(
      "Version of the container runtime.",
      "Second part of the nodes' `containerRuntimeVersion`.",
      "`status.nodeInfo` of the nodes",
    ),
    maxLength: 64,
    defaultIs: "the cluster's",
  }),
  cpu_policy: choice(cpuPolicies, {
    ...fact(
      "CPU management policy of the pool's nodes.",
      "`cpuManagerPolicy` in the pool's kubelet configuration, and annotation `sampan.dev/cpu-policy`.",
      "the pool's kubelet ConfigMap; annotations of the nodes",
    ),
    default: "none",
  }),
  cms_enabled: flag({
    ...fact(
      "Whether the pool's nodes have the monitoring agent.",
      "The agent's DaemonSet, and label `sampan.dev/cloud-monitor` of the nodes.",
      "`kubectl get daemonsets -A`; labels of the nodes",
    ),
    defaultIs: "the cluster's `cloud_monitor_flags`",
  }),
  user_data: text({
    ...fact(
      "Script that the pool's nodes run when they join.",
      "Kept in a Secret of the cluster, and its hash in annotation `sampan.dev/user-data-sha256`.",
      "Secret in `kube-system`; annotations of the nodes",
    ),
    maxLength: fileLength,
    rule: base64,
  }),
  node_name_mode: text({
    ...fact("How the pool's nodes are named.", "Names of the nodes, in lower case.", "`kubectl get nodes`"),
    maxLength: longestNodeNameMode,
    rule: byKind({ managed: managedNodeNames, dedicated: dedicatedNodeNames }),
    defaultIs: "the cluster's",
  }),
  pre_user_data: text({ ...newer("Script that runs before a node joins."), maxLength: fileLength, rule: base64 }),
  unschedulable: flag(newer("Whether new nodes take no pods.")),
};

const autoScaling = {
  enable: flag({
    ...fact(
      "Whether the pool is scaled by itself.",
      "Its first number of nodes is brought between the bounds.",
      "`kubectl get nodes`; DescribeClusterNodePools",
    ),
    default: false,
  }),
  min_instances: integer({
    ...fact(
      "Fewest nodes.",
      "With `enable`, no fewer nodes are made.",
      "`kubectl get nodes`; DescribeClusterNodePools",
    ),
    minimum: 0,
    maximum: 100,
    wayOut: moreNodes,
    conditions: ["not above `max_instances`"],
  }),
  max_instances: integer({
    ...fact(
      "Most nodes.",
      "With `enable`, no more nodes are made; 0 is no bound.",
      "`kubectl get nodes`; DescribeClusterNodePools",
    ),
    minimum: 0,
  }),
  type: text(kept("Kind of instances that are added, e.g. `cpu`.")),
  is_bond_eip: flag(
    fact(
      "Whether each added instance has a public address.",
      "With `enable`, the nodes have an ExternalIP.",
      "`status.addresses` of the nodes",
    ),
  ),
  eip_internet_charge_type: choice(["PayByTraffic", "PayByBandwidth"], kept("How those addresses are paid for.")),
  eip_bandwidth: integer(kept("Bandwidth of those addresses in Mbit/s.")),
};

const management = {
  enable: flag(kept("Whether the pool is managed.")),
  auto_repair: flag(kept("Whether nodes that are not ready are replaced.")),
  upgrade_config: object(
    {
      auto_upgrade: flag(kept("Whether nodes are upgraded by themselves.")),
      surge: integer(kept("Further nodes during an upgrade.")),
      surge_percentage: integer(kept("Further nodes during an upgrade, in percent.")),
      max_unavailable: integer(kept("Nodes that may be missing during an upgrade.")),
    },
    group("How nodes are upgraded."),
  ),
  auto_repair_policy: object({}, newer("How nodes are repaired.")),
  auto_upgrade: flag(newer("Whether nodes are upgraded by themselves.")),
  auto_upgrade_policy: object({}, newer("What of the nodes is upgraded.")),
  auto_vul_fix: flag(newer("Whether vulnerabilities are fixed by themselves.")),
  auto_vul_fix_policy: object({}, newer("Which vulnerabilities are fixed.")),
  auto_fault_diagnosis: flag(newer("Whether faults are diagnosed by themselves.")),
  drift_enabled: flag(newer("Whether nodes that differ from the pool are replaced.")),
};

/** The groups of workers. */
export const nodePoolParameters = {
  nodepools: objects(
    {
      nodepool_info: object(
        {
          name: text({
            ...fact(
              "Name of the pool.",
              "The pool's name, and annotation `sampan.dev/nodepool-name`.",
              `${seen.pools}; annotations of the nodes`,
            ),
            maxLength: 255,
            defaultIs: "`nodepool-` and its place in the list",
          }),
          resource_group_id: text({ ...kept("Resource group of the pool."), maxLength: idLength }),
          type: text(kept("Type of the pool, e.g. `ess`.")),
        },
        group("What the pool is called."),
      ),
      count: integer({
        ...fact("Number of nodes.", "That many nodes at first.", "`kubectl get nodes`; DescribeClusterNodePools"),
        minimum: 0,
        maximum: 100,
        wayOut: moreNodes,
        defaultIs: "`desired_size`",
      }),
      max_nodes: integer({
        ...kept("Most nodes that the pool may have."),
        minimum: 0,
        conditions: ["0 is no bound"],
      }),
      scaling_group: object(scalingGroup, group("What the pool's instances are.")),
      auto_scaling: object(autoScaling, group("How the pool is scaled by itself.")),
      kubernetes_config: object(kubernetesConfig, group("What the pool's nodes are in Kubernetes.")),
      management: object(management, group("What the platform may do with the pool by itself.")),
      tee_config: object(
        {
          tee_enable: flag({
            ...fact(
              "Whether the nodes are for confidential computing.",
              "Label `sampan.dev/tee` of the nodes.",
              "labels of the nodes",
            ),
            default: false,
          }),
        },
        group("Confidential computing."),
      ),
      interconnect_mode: text(kept("How an edge pool is connected.")),
      interconnect_config: object(
        {
          cen_id: text(kept("CEN instance of the connection.")),
          ccn_id: text(kept("CCN instance of the connection.")),
          ccn_region_id: text(kept("Region of the CCN instance.")),
          bandwidth: integer(kept("Bandwidth of the connection.")),
          improved_period: text(kept("Months of the connection's subscription, a number in a text.")),
        },
        group("Connection of an edge pool."),
      ),
      host_network: flag(newer("Whether pods use the nodes' network.")),
      intranet: flag(newer("Whether an edge pool's nodes reach each other.")),
      auto_mode: object({ enable: flag(newer("Whether it is on.")) }, newer("Intelligent managed mode.")),
      eflo_node_group: object({}, newer("Lingjun nodes of the pool.")),
      node_components: objects({}, newer("Components of the nodes.")),
      node_config: object({}, newer("Configuration of the kubelets and the system.")),
    },
    {
      ...documented,
      maxItems: 100,
      meaning: "Groups of workers, each with settings of its own.",
      effect: "A pool with its nodes for each.",
      wayOut: "make several clusters",
      observed: "label `alibabacloud.com/nodepool-id` of the nodes; DescribeClusterNodePools",
      conditions: ["what `num_of_nodes` or `worker_*` says too has to be the same"],
    },
  ),
};
