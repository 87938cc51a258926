import type { Kind } from "../src/dialects/ack/clusters/create/kind.ts";

/** A test that observes the effects of parameters on a real cluster, or in the describing calls. */
export interface EffectTest {
  /** Its file in this folder, without `.test.ts`. */
  file: string;
  /** What stands in `describe` and in `test`. */
  title: readonly [group: string, test: string];
  /** Paths of the parameters that it observes, by the kind of the cluster. */
  proves: Partial<Record<Kind, readonly string[]>>;
}

type Row = readonly [group: string, test: string, ...paths: string[]];

const inFile = (file: string, kind: Kind, rows: readonly Row[]): EffectTest[] =>
  rows.map(([group, test, ...paths]) => ({ file, title: [group, test], proves: { [kind]: paths } }));

/** Paths of members: `a.b` and `a.c` of `a.` with `b` and `c`. */
const members = (holder: string, ...names: string[]): string[] => names.map((name) => `${holder}${name}`);

const firstGroup = "nodepools[].scaling_group.";
const kubernetes = "nodepools[].kubernetes_config.";

/** Managed clusters: the sample as it stands, and two clusters for which the rest is asked for. */
const managed: readonly EffectTest[] = [
  ...inFile("ack-managed-cluster", "managed", [
    [
      "the API, after the documented sample was created",
      "DescribeClusterLogs tells which version runs instead of the requested one, and that the cluster runs",
      "kubernetes_version",
    ],
    [
      "the cluster itself",
      "its nodes are Ready and are what the request asked for",
      ...["kubernetes_version", "node_name_mode", "image_id"],
    ],
    ["the cluster itself", "each node has a share of the Pod range, a /26 of 172.20.0.0/16", "container_cidr"],
    [
      "the cluster itself",
      "the Service range, the certificate's names and the time zone reached the components",
      ...["timezone", "custom_san", "service_cidr"],
    ],
    ["secrets", "the login password is in no answer, no log, no file and no command line", "login_password"],
    [
      "the end",
      "DeleteCluster is refused while the cluster is protected, and the cluster goes on",
      "deletion_protection",
    ],
  ]),
  ...inFile("task-control", "managed", [
    [
      "with an API server that hangs",
      "a creation that takes longer than timeout_mins fails, and the cluster with it",
      "timeout_mins",
    ],
    [
      "with an API server that ends at once",
      "a creation fails with its last words, and the cluster shows why until it is deleted",
      "disable_rollback",
    ],
    [
      "with an API server that ends at once",
      "a creation with roll-back leaves nothing but the task",
      "disable_rollback",
    ],
  ]),
  ...inFile("ack-managed-effects", "managed", [
    [
      "Secrets",
      "are encrypted in etcd with the KMS key of a Pro cluster",
      ...["encryption_provider_key", "cluster_spec"],
    ],
    [
      "Secrets",
      "are readable in the etcd of a standard one, which ignores the key",
      ...["encryption_provider_key", "cluster_spec"],
    ],
    ["the API server's endpoints", "are the inner one alone without public access", "endpoint_public_access"],
    [
      "the API server's endpoints",
      "are a public and an inner one, and kubeconfigs name the one that was asked for",
      "endpoint_public_access",
    ],
    [
      "the cluster's own configuration",
      "has the name that was asked for, whatever its letters, and what it was made from",
      "name",
    ],
    ["the cluster's own configuration", "has kube-proxy's mode", "proxy_mode"],
    [
      "the cluster's own configuration",
      "has the cluster's domain in CoreDNS' and the kubelets' configuration",
      "cluster_domain",
    ],
    ["the cluster's own configuration", "has the kubelets' CPU policy", "cpu_policy"],
    ["the cluster's own configuration", "has the script of the nodes, decoded", "user_data"],
    [
      "add-ons",
      "of the sample stand in the cluster, and the disabled one does not",
      ...["addons", ...members("addons[].", "name", "disabled"), "cloud_monitor_flags"],
    ],
    ["add-ons", "have the settings that were asked for", "addons[].config"],
    ["add-ons", "with Terway are its own, and nodes get no share of a Pod range", "pod_vswitch_ids"],
    ["the audit log", "is written with the log add-on, request by request", "addons[].name"],
    [
      "nodes",
      "say in annotations what Kubernetes has no field for",
      ...["security_group_id", "keep_instance_name", "key_pair", "image_id", "user_data"],
    ],
    ["nodes", "take only pods that tolerate their taints", ...["taints", "taints[].effect"]],
    [
      "nodes",
      "have the disk that the outdated fields describe, and an event says what to use",
      ...["worker_data_disk_category", "worker_data_disk_size"],
    ],
    [
      "nodes",
      "have the container runtime that was asked for, with its class where pods have to choose it",
      ...["runtime", "runtime.name", "runtime.version"],
    ],
    ["nodes", "are monitored where that was asked for", "cloud_monitor_flags"],
    [
      "nodes",
      "end with their subscription, which is renewed as asked",
      ...members("worker_", "period_unit", "period", "auto_renew_period"),
    ],
    ["the describing calls", "list what a cloud would have made, with states", "snat_entry"],
    [
      "the describing calls",
      "list the security group that was there, or the one of the enterprise kind that was made",
      ...["security_group_id", "is_enterprise_security_group"],
    ],
    [
      "the describing calls",
      "list an RDS instance that was named twice once, with the nodes' addresses",
      "rds_instances",
    ],
  ]),
  ...inFile("ack-managed-settings", "managed", [
    [
      "the control plane",
      "has a certificate by which clients trust it under each name and address that was asked for",
      ...["custom_san", "cluster_domain"],
    ],
    [
      "the control plane",
      "issues tokens with the issuer and the audiences that were asked for",
      ...["service_account_issuer", "api_audiences"],
    ],
    [
      "the control plane",
      "refuses tokens of another issuer and for another audience",
      ...["service_account_issuer", "api_audiences"],
    ],
    [
      "the control plane",
      "gives Services addresses of the range that was asked for, and refuses others",
      "service_cidr",
    ],
    ["the control plane", "starts CronJobs by the time zone that was asked for", "timezone"],
    ["the nodes", "are named as asked for, by their addresses", "node_name_mode"],
    [
      "the nodes",
      "are of the region, and of nobody but the workers: the control plane has none",
      ...["region_id", "cluster_type", "num_of_nodes"],
    ],
    [
      "the nodes",
      "have shares of the Pod range, of the size that was asked for",
      ...["container_cidr", "node_cidr_mask"],
    ],
    [
      "the nodes",
      "are laid over the vSwitches in turn, with addresses of theirs, in their zones",
      ...["vpcid", "vswitch_ids"],
    ],
    ["the nodes", "are of the first instance type that is known", "worker_instance_types"],
    [
      "the nodes",
      "run the operating system, the distribution and the container runtime that were asked for",
      ...["os_type", "platform", "runtime.name", "runtime.version"],
    ],
    ["the nodes", "have the taints that were asked for", "taints", ...members("taints[].", "key", "value", "effect")],
    [
      "the nodes",
      "have the cluster's tags as labels, and as annotations where they cannot be labels",
      "tags",
      ...members("tags[].", "key", "value"),
    ],
    [
      "the instances",
      "that were there join first, lose their names as asked, and stay when the cluster goes",
      ...["instances", "keep_instance_name"],
    ],
    ["the instances", "that were there have containers on their last data disk, which is formatted", "format_disk"],
    [
      "the instances",
      "have the disks that were asked for",
      ...members("worker_system_disk_", "category", "size"),
      "worker_data_disks",
      ...members("worker_data_disks[].", "category", "size", "encrypted", "auto_snapshot_policy_id"),
    ],
    [
      "the instances",
      "are paid for as asked, and their subscription's end is shown",
      ...members("worker_", "instance_charge_type", "period_unit", "period", "auto_renew"),
    ],
    ["the instances", "have their addresses on the allow-list of each RDS instance", "rds_instances"],
    [
      "what a cloud would have made",
      "is a NAT gateway with an address, and an SNAT entry for each vSwitch",
      "snat_entry",
    ],
    [
      "what a cloud would have made",
      "is a security group of the usual kind, which the nodes are in",
      "is_enterprise_security_group",
    ],
    ["what a cloud would have made", "is what the add-ons' settings ask for", "addons[].config"],
  ]),
];

/** Dedicated clusters: the sample as it stands, and a cluster for which the rest is asked for. */
const dedicated: readonly EffectTest[] = [
  ...inFile("ack-dedicated-cluster", "dedicated", [
    [
      "the masters",
      "are nodes with role, taint, instance type, disk and vSwitch",
      ...["cluster_type", "key_pair", "ssh_flags", "runtime"],
      ...members("master_system_disk_", "performance_level", "snapshot_policy_id"),
    ],
    ["the masters", "have the time zone that was asked for", "timezone"],
    [
      "the masters",
      "stand behind one endpoint, whose names their certificates all have",
      ...["custom_san", "endpoint_public_access"],
    ],
    [
      "the node pool",
      "has one node with everything that its entry says",
      "tags",
      ...members("tags[].", "key", "value"),
      ...members("nodepools[].", "count", "auto_scaling", "kubernetes_config", "scaling_group", "tee_config"),
      ...members(firstGroup, "image_id", "key_pair", "internet_max_bandwidth_out"),
    ],
    [
      "the node pool",
      "is described as it was asked for, without its password",
      ...members("nodepools[].", "nodepool_info", "management", "interconnect_config"),
      ...members(firstGroup, "auto_renew", "auto_renew_period"),
    ],
    [
      "the describing calls",
      "show a dedicated cluster with what was asked for",
      ...["cluster_type", "login_password", "master_period", "master_auto_renew", "disable_rollback"],
    ],
    ["the describing calls", "show masters as masters, with the end of their subscription", "master_period"],
    [
      "the describing calls",
      "list what a cloud would have made, and what was there",
      ...["vpcid", "security_group_id", "snat_entry"],
    ],
    ["the describing calls", "list the rule that lets SSH in to the masters", "ssh_flags"],
    ["the describing calls", "find it by its resource group, and not by another", "resource_group_id"],
    [
      "add-ons",
      "have the ingress controller with its load balancer",
      ...["addons", "addons[].name", "addons[].config"],
    ],
    [
      "RAM roles for service accounts",
      "let anybody verify a token with the published keys, and the token service's audience is accepted",
      "enable_rrsa",
    ],
    ["the end", "does not come while the cluster is protected", "deletion_protection"],
  ]),
  ...inFile("ack-dedicated-failure", "dedicated", [
    [
      "a dedicated cluster that is not there within timeout_mins",
      "is rolled back, as it is by default: nothing is left but the task, which says so",
      ...["disable_rollback", "timeout_mins"],
    ],
    [
      "a dedicated cluster that is not there within timeout_mins",
      "stays as failed with disable_rollback false, and its log says why",
      ...["disable_rollback", "timeout_mins"],
    ],
  ]),
  // Dedicated clusters under test are of Linux and Flannel; what these two parameters do does not depend on the kind.
  ...inFile("ack-managed-effects", "dedicated", [
    ["add-ons", "with Terway are its own, and nodes get no share of a Pod range", "pod_vswitch_ids"],
  ]),
  ...inFile("ack-managed-settings", "dedicated", [
    [
      "the nodes",
      "run the operating system, the distribution and the container runtime that were asked for",
      "os_type",
    ],
  ]),
  ...inFile("ack-dedicated-settings", "dedicated", [
    [
      "the masters",
      "are five members, each with etcd, an API server, a controller manager and a scheduler",
      "master_count",
    ],
    [
      "the masters",
      "are each of the instance type and in the vSwitch that is named for it, or of the last one",
      ...members("master_", "instance_types", "vswitch_ids"),
    ],
    [
      "the masters",
      "have the disk, the image and the name that were asked for, and no SSH from outside",
      ...members("master_system_disk_", "category", "size"),
      ...["image_type", "image_id", "node_name_mode", "key_pair", "ssh_flags", "cloud_monitor_flags"],
      ...["runtime", "runtime.name", "runtime.version"],
    ],
    [
      "the masters",
      "are paid for as asked, and their subscription's end is shown",
      ...members("master_", "instance_charge_type", "period_unit", "period", "auto_renew", "auto_renew_period"),
    ],
    [
      "the control plane",
      "stands behind the inner endpoint alone, and every certificate has the names that were asked for",
      ...["endpoint_public_access", "custom_san", "cluster_domain"],
    ],
    [
      "the control plane",
      "issues tokens with the issuer and the audiences that were asked for, and refuses others",
      ...["service_account_issuer", "api_audiences"],
    ],
    [
      "the control plane",
      "gives Services and nodes addresses of the ranges that were asked for",
      ...["service_cidr", "container_cidr", "node_cidr_mask"],
    ],
    ["the control plane", "starts CronJobs by the time zone that was asked for", "timezone"],
    [
      "the control plane",
      "has its configuration in the cluster",
      ...["name", "kubernetes_version", "region_id", "proxy_mode", "cluster_domain"],
    ],
    [
      "a node pool with everything",
      "has as many nodes as its lower bound says, laid over its vSwitches",
      "nodepools",
      ...members("nodepools[].auto_scaling.", "enable", "min_instances"),
      ...members(firstGroup, "vswitch_ids", "multi_az_policy"),
    ],
    [
      "a node pool with everything",
      "has nodes that are what its entry says",
      ...members(kubernetes, "labels", "labels[].key", "labels[].value", "taints"),
      ...members(kubernetes, "taints[].key", "taints[].value", "taints[].effect"),
      ...members(kubernetes, "runtime", "runtime_version", "cms_enabled", "node_name_mode"),
      ...members(
        firstGroup,
        "instance_types",
        "system_disk_size",
        "image_type",
        "security_group_id",
        "deploymentset_id",
      ),
      ...members(firstGroup, "tags", "tags[].key", "tags[].value", "instance_charge_type"),
      ...members("nodepools[].", "auto_scaling.is_bond_eip", "tee_config.tee_enable", "nodepool_info.name"),
    ],
    [
      "a node pool with everything",
      "has the disks that its entry says",
      ...members(firstGroup, "system_disk_category", "system_disk_performance_level", "data_disks"),
      ...members(`${firstGroup}data_disks[].`, "category", "size", "encrypted"),
      ...members(`${firstGroup}data_disks[].`, "auto_snapshot_policy_id", "performance_level"),
    ],
    [
      "a node pool with everything",
      "has a kubelet configuration, a script and a container runtime of its own in the cluster",
      ...members(kubernetes, "cpu_policy", "user_data", "cms_enabled", "runtime"),
    ],
    [
      "a node pool with everything",
      "is paid for as its entry says",
      ...members(firstGroup, "instance_charge_type", "period", "period_unit", "auto_renew", "spot_strategy"),
    ],
    // What is only recorded: the description is compared with the entry as a whole.
    [
      "a node pool with everything",
      "is described with every word of its entry but the password",
      ...members("nodepools[].nodepool_info.", "name", "resource_group_id", "type"),
      ...members("nodepools[].auto_scaling.", "type", "eip_internet_charge_type", "eip_bandwidth"),
      ...members(firstGroup, "login_password", "auto_renew_period", "scaling_policy"),
      ...members(`${firstGroup}spot_price_limit`, "", "[].instance_type", "[].price_limit"),
      ...members(firstGroup, "on_demand_base_capacity", "on_demand_percentage_above_base_capacity"),
      ...members(firstGroup, "spot_instance_pools", "spot_instance_remedy", "compensate_with_on_demand"),
      `${firstGroup}internet_charge_type`,
      ...members("nodepools[].management.", "enable", "auto_repair", "upgrade_config"),
      ...members("nodepools[].management.upgrade_config.", "auto_upgrade", "surge"),
      ...members("nodepools[].management.upgrade_config.", "surge_percentage", "max_unavailable"),
      ...members("nodepools[].", "interconnect_mode", "max_nodes"),
      ...members("nodepools[].interconnect_config.", "cen_id", "ccn_id", "ccn_region_id"),
      ...members("nodepools[].interconnect_config.", "bandwidth", "improved_period"),
    ],
    [
      "a node pool of which little is asked",
      "has as many nodes as were wanted, all in the vSwitch that comes first",
      ...members(firstGroup, "desired_size", "multi_az_policy"),
    ],
    [
      "a node pool of which little is asked",
      "has nodes with its own image, key pair and security groups, and without a public address",
      ...members(firstGroup, "image_id", "platform", "key_pair", "security_group_ids"),
    ],
    [
      "a node pool of which more is asked than its bound allows",
      "has as many nodes as the bound",
      ...members("nodepools[].auto_scaling.", "enable", "max_instances"),
    ],
    ["an instance that was there", "joins under a new name, as asked", "keep_instance_name"],
    [
      "what a cloud would have made",
      "is a load balancer of the size that was asked for, without a public address",
      ...["load_balancer_spec", "resource_group_id"],
    ],
    ["what a cloud would have made", "is no NAT gateway without SNAT", "snat_entry"],
    [
      "what a cloud would have made",
      "is a security group of the usual kind for the cluster",
      "is_enterprise_security_group",
    ],
    [
      "what a cloud would have made",
      "is an entry for each RDS instance, with the addresses of all nodes or of its pool's",
      ...["rds_instances", `${firstGroup}rds_instances`],
    ],
    ["add-ons", "have their settings, and a disabled one is not there", ...members("addons[].", "config", "disabled")],
    ["the describing calls", "show what was asked for", "resource_group_id"],
  ]),
];

/** Where the effect of each documented parameter of CreateCluster is observed. */
export const effectTests: readonly EffectTest[] = [...managed, ...dedicated];

/** The tests that observe a parameter in clusters of a kind. */
export const testsOf = (path: string, kind: Kind): readonly EffectTest[] =>
  effectTests.filter(({ proves }) => proves[kind]?.includes(path));
