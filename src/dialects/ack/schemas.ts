import Type from "typebox";

const text = (description: string) => Type.String({ description });
/** Id of a cloud resource. The vendor's are much shorter; longer ones would not fit into an index. */
const id = (description?: string) => Type.String({ maxLength: 128, description });
const flag = (description: string) => Type.Boolean({ description });
const texts = (description: string) => Type.Array(Type.String(), { description });
const ids = (description: string, options: { minItems?: number; maxItems: number }) =>
  Type.Array(id(), { description, ...options });
const optional = Type.Optional;

const tag = Type.Object({ key: Type.String({ minLength: 1 }), value: optional(Type.String()) });

const taint = Type.Object({
  key: Type.String({ minLength: 1 }),
  value: optional(Type.String()),
  effect: optional(
    Type.Union([Type.Literal("NoSchedule"), Type.Literal("PreferNoSchedule"), Type.Literal("NoExecute")]),
  ),
});

const dataDisk = Type.Object({
  category: optional(Type.String()),
  size: optional(Type.Integer({ minimum: 0, maximum: 32768, description: "GiB" })),
  encrypted: optional(Type.String()),
  auto_snapshot_policy_id: optional(Type.String()),
  performance_level: optional(Type.String()),
});

const addon = Type.Object({
  name: Type.String({ minLength: 1 }),
  config: optional(Type.String()),
  disabled: optional(Type.Boolean()),
  version: optional(Type.String()),
});

/** One of a list of texts, an empty one meaning "not set", as an old client sends every field. */
const oneOf = (values: string[], description: string) => Type.String({ enum: [...values, ""], description });

/**
 * The body of CreateCluster for `ManagedKubernetes`. Numbers and booleans may come as texts, as the vendor's own samples
 * have them; unknown members are kept.
 */
export const createClusterBody = Type.Object(
  {
    name: text("1 to 63 characters: digits, Chinese characters, letters, hyphens; no hyphen first."),
    region_id: text("Region of the cluster."),
    cluster_type: Type.String({ enum: ["ManagedKubernetes"], description: "Kind of the cluster." }),
    cluster_spec: optional(text("`ack.standard` (default) or `ack.pro.small`.")),
    profile: optional(text("Sub-type of a managed cluster; only `Default` is known.")),
    kubernetes_version: optional(text("e.g. `1.20.4-aliyun.1`; the newest installed one by default.")),
    resource_group_id: optional(id("Resource group.")),
    vpcid: id("VPC of the nodes."),
    vswitch_ids: ids("vSwitches of the nodes.", { minItems: 1, maxItems: 5 }),
    pod_vswitch_ids: optional(texts("vSwitches of the pods, with Terway.")),
    container_cidr: optional(text("Pod range, with Flannel.")),
    service_cidr: text("Service range."),
    node_cidr_mask: optional(text("Prefix length of a node's share of the Pod range; 25 by default.")),
    proxy_mode: optional(oneOf(["iptables", "ipvs"], "kube-proxy's mode; `ipvs` by default.")),
    cluster_domain: optional(text("DNS domain; `cluster.local` by default.")),
    snat_entry: optional(flag("Whether the VPC gets an SNAT entry.")),
    endpoint_public_access: optional(flag("Whether the API server is reachable from the public network.")),
    security_group_id: optional(id("Existing security group.")),
    is_enterprise_security_group: optional(flag("Whether an enterprise security group is made.")),
    deletion_protection: optional(flag("Refuses deletion while true.")),
    timezone: optional(text("IANA time zone, e.g. `Asia/Shanghai`.")),
    tags: optional(
      Type.Array(tag, { maxItems: 20, description: "Tags of the cluster, which its nodes get as labels." }),
    ),
    custom_san: optional(text("Further names and addresses of the API server's certificate, separated by commas.")),
    service_account_issuer: optional(text("`iss` of service-account tokens.")),
    api_audiences: optional(text("Audiences of service-account tokens, separated by commas.")),
    encryption_provider_key: optional(text("KMS key.")),
    addons: optional(Type.Array(addon, { description: "Add-ons; one of them is the network plug-in." })),
    disable_rollback: optional(flag("As documented: true removes what was made when the creation fails.")),
    timeout_mins: optional(Type.Integer({ minimum: 0, maximum: 1440, description: "Minutes; 60 by default." })),
    num_of_nodes: optional(Type.Integer({ minimum: 0, maximum: 100, description: "Number of workers." })),
    worker_instance_types: optional(texts("Instance types in order of preference.")),
    worker_system_disk_category: optional(text("Category of the workers' system disks.")),
    worker_system_disk_size: optional(Type.Integer({ minimum: 0, maximum: 500, description: "GiB, 40 to 500." })),
    worker_data_disks: optional(Type.Array(dataDisk, { description: "Data disks of each worker." })),
    worker_instance_charge_type: optional(oneOf(["PrePaid", "PostPaid"], "Billing of the workers.")),
    worker_period_unit: optional(text("Unit of the billing period.")),
    worker_period: optional(Type.Integer()),
    worker_auto_renew: optional(Type.Boolean()),
    worker_auto_renew_period: optional(Type.Integer()),
    key_pair: optional(text("Key pair for logging in to the workers.")),
    login_password: optional(text("Password for logging in to the workers; never shown again.")),
    instances: optional(ids("Existing instances that join as workers.", { maxItems: 100 })),
    format_disk: optional(Type.Boolean()),
    keep_instance_name: optional(Type.Boolean()),
    image_id: optional(text("Image of the workers.")),
    os_type: optional(oneOf(["Linux", "Windows"], "Operating system of the workers.")),
    platform: optional(text("Distribution of the workers' operating system.")),
    runtime: optional(
      Type.Object(
        { name: optional(Type.String()), version: optional(Type.String()) },
        { description: "Container runtime." },
      ),
    ),
    cpu_policy: optional(oneOf(["none", "static"], "CPU management policy of the workers.")),
    taints: optional(Type.Array(taint, { description: "Taints of the workers." })),
    user_data: optional(text("Script for the workers, Base64.")),
    node_name_mode: optional(text("`customized,<prefix>,<5 to 12, or ip>,<suffix>`.")),
    cloud_monitor_flags: optional(Type.Boolean()),
    rds_instances: optional(texts("RDS instances that admit the workers.")),
  },
  { additionalProperties: true },
);

/** A checked body of CreateCluster. */
export type CreateClusterBody = Type.Static<typeof createClusterBody>;

/** The body of ModifyCluster, as far as it is supported. */
export const modifyClusterBody = Type.Object(
  {
    cluster_name: optional(text("New name.")),
    deletion_protection: optional(flag("Refuses deletion while true.")),
  },
  { additionalProperties: true },
);

export const clusterParams = Type.Object({ ClusterId: Type.String() });
export const taskParams = Type.Object({ TaskId: Type.String() });

/** A page of a list; an empty text means "not set". */
const pageNumber = optional(Type.String({ pattern: "^([1-9]\\d{0,6})?$", description: "Page, from 1." }));
const pageSize = optional(Type.String({ pattern: "^([1-9]\\d?|100)?$", description: "Entries on a page, 1 to 100." }));

export const listClustersQuery = Type.Object({
  cluster_id: optional(Type.String()),
  cluster_spec: optional(Type.String()),
  cluster_type: optional(Type.String()),
  name: optional(Type.String()),
  profile: optional(Type.String()),
  region_id: optional(Type.String()),
  page_number: pageNumber,
  page_size: pageSize,
});

export const listClustersOldQuery = Type.Object({
  name: optional(Type.String()),
  clusterType: optional(Type.String()),
  resource_group_id: optional(Type.String()),
});

export const listTasksQuery = Type.Object({ page_number: pageNumber, page_size: pageSize });

export const listNodesQuery = Type.Object({
  pageNumber,
  pageSize,
  nodepool_id: optional(Type.String()),
  state: optional(Type.String()),
  instanceIds: optional(Type.String()),
  nodeNames: optional(Type.String()),
  nodeIps: optional(Type.String()),
});

export const kubeconfigQuery = Type.Object({
  PrivateIpAddress: optional(Type.String()),
  TemporaryDurationMinutes: optional(Type.String({ pattern: "^\\d*$", description: "Minutes, 15 to 4320." })),
});
