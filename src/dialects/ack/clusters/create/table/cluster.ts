import { byKind, choice, flag, integer, object, required, text } from "../../../../common/parameters/parameter.ts";
import { timeZone } from "../../../../common/parameters/value-rules.ts";
import { dedicatedName, kubernetesVersion, managedName, tagKey, tagValue } from "../value-rules.ts";
import { both, idLength, keyValueList, recorded, runtimes, seen } from "./common.ts";

/** What the cluster is, and how it is made and kept. */
export const clusterParameters = {
  name: required(
    text({
      kinds: both,
      rule: byKind({ managed: managedName, dedicated: dedicatedName }),
      meaning: "Name of the cluster, for people.",
      effect: "The cluster's name, in the answers and in the cluster.",
      observed: `\`name\` of ${seen.describe}; ConfigMap \`cluster-info\``,
    }),
  ),
  region_id: required(
    text({
      kinds: both,
      maxLength: 63,
      meaning: "Region of the cluster; there is no list of them.",
      effect: "Label `topology.kubernetes.io/region` of the nodes and the first part of their `providerID`.",
      observed: "`kubectl get nodes -L topology.kubernetes.io/region`",
    }),
  ),
  cluster_type: required(
    choice(["ManagedKubernetes", "Kubernetes", "ExternalKubernetes"], {
      kinds: both,
      meaning:
        "Kind of the cluster: `ManagedKubernetes` or `Kubernetes` (dedicated); registered clusters (`ExternalKubernetes`) are not made here.",
      conditions: ["`ExternalKubernetes` is refused"],
      effect: "Says whether the control plane is hidden or made of nodes, and which document's rules apply.",
      observed: `\`cluster_type\` of ${seen.describe}; \`kubectl get nodes -l node-role.kubernetes.io/control-plane\``,
    }),
  ),
  profile: choice(["Default"], {
    ...recorded("Sub-type of a managed cluster; only the usual one is made here."),
    default: "Default",
    observed: `\`profile\` of ${seen.describe}`,
  }),
  cluster_spec: choice(["ack.standard", "ack.pro.small", "ack.pro.xlarge", "ack.pro.2xlarge", "ack.pro.4xlarge"], {
    kinds: ["managed"],
    default: "ack.standard",
    meaning: "Tier of a managed cluster; the sizes above `small` are from newer versions of the API.",
    effect: "Pro tiers encrypt Secrets where `encryption_provider_key` is given.",
    observed: `\`cluster_spec\` of ${seen.describe}; Secrets in etcd`,
  }),
  kubernetes_version: text({
    kinds: both,
    rule: kubernetesVersion,
    defaultIs: "the newest installed version",
    meaning: "Kubernetes version.",
    effect: "Selects the executables: the version itself, or the nearest installed one.",
    observed:
      "`kubectl version`; `init_version` and `current_version` of DescribeClusterDetail; event `VersionDiffers`",
  }),
  runtime: object(
    {
      name: choice(runtimes, {
        kinds: both,
        requiredWhen: "`runtime` is given",
        default: "docker",
        meaning: "Name of the container runtime.",
        effect:
          "First part of the nodes' `containerRuntimeVersion`; `Sandboxed-Container.runv` also gets a RuntimeClass.",
        observed: "`status.nodeInfo` of the nodes; `kubectl get runtimeclass`",
      }),
      version: text({
        kinds: both,
        maxLength: 64,
        requiredWhen: "`runtime` is given",
        default: "19.03.5",
        meaning: "Version of the container runtime.",
        effect: "Second part of the nodes' `containerRuntimeVersion`.",
        observed: "`status.nodeInfo` of the nodes",
      }),
    },
    {
      kinds: both,
      meaning: "Container runtime of the nodes.",
      effect: "See its members.",
      observed: "`status.nodeInfo` of the nodes",
    },
  ),
  resource_group_id: text({
    kinds: ["dedicated"],
    newerFor: ["managed"],
    maxLength: idLength,
    meaning: "Resource group of the cluster.",
    effect: "Groups the cluster and what is made for it in the account; a list can be narrowed to it.",
    observed: `\`resource_group_id\` of ${seen.describe}; DescribeClusters; ${seen.resources}`,
  }),
  timezone: text({
    kinds: both,
    rule: timeZone,
    defaultIs: "the machine's",
    meaning: "Time zone.",
    effect: "`TZ` of the control plane's processes, so that CronJobs follow it.",
    observed: "environment of the processes; `timezone` of DescribeClusterDetail",
  }),
  tags: keyValueList(
    {
      kinds: both,
      maxItems: 20,
      meaning: "Tags of the cluster, its resources and its workers.",
      effect:
        "Labels of the workers; a tag that is no legal label becomes an annotation under `tag.sampan.dev/`, or a member of annotation `sampan.dev/tags` where its key cannot be an annotation's. All that is made has them.",
      observed: `\`kubectl get nodes --show-labels\`; \`tags\` of ${seen.describe}; ${seen.resources}`,
      conditions: ["no key twice; keys are case-sensitive"],
    },
    {
      kinds: both,
      rule: tagKey,
      meaning: "Key of the tag.",
      effect: "Key of the label or the annotation.",
      observed: "labels and annotations of the workers",
    },
    {
      kinds: both,
      rule: tagValue,
      meaning: "Value of the tag, which may be empty.",
      effect: "Value of the label or the annotation.",
      observed: "labels and annotations of the workers",
    },
  ),
  disable_rollback: flag({
    kinds: both,
    default: byKind({ managed: false, dedicated: true }),
    meaning:
      "What becomes of a creation that fails: true removes what was made, false keeps it, whatever the name says.",
    effect:
      "As its meaning says; `SAMPAN_ACK_DISABLE_ROLLBACK_MEANING=name` turns it round, so that true keeps what was made.",
    observed: "state after a failed creation; `RollbackOnFailure` in `parameters` of DescribeClusterDetail",
  }),
  timeout_mins: integer({
    kinds: both,
    minimum: 1,
    maximum: 1440,
    default: 60,
    meaning: "Minutes that may be worked on the creation.",
    effect:
      "A creation that takes longer, pauses and stops of Sampan not counted, has failed, and then `disable_rollback` says what becomes of it.",
    observed: "DescribeTaskInfo; `TimeoutMins` in `parameters` of DescribeClusterDetail",
  }),
  deletion_protection: flag({
    kinds: both,
    default: false,
    meaning: "Whether the cluster is protected from deletion.",
    effect: "DeleteCluster is refused while it is true.",
    observed: `DeleteCluster; \`deletion_protection\` of ${seen.describe}`,
  }),
  maintenance_window: object(
    {
      enable: flag(recorded("Whether there is a maintenance window.")),
      maintenance_time: text(recorded("When it begins.")),
      duration: text(recorded("How long it lasts, e.g. `3h`.")),
      weekly_period: text(recorded("On which days, e.g. `Monday,Thursday`.")),
      recurrence: text(recorded("When it recurs, as RFC 5545 says it.")),
    },
    recorded("When the platform may maintain the cluster."),
  ),
  operation_policy: object(
    {
      cluster_auto_upgrade: object(
        {
          enabled: flag(recorded("Whether the cluster is upgraded by itself.")),
          channel: text(recorded("How soon new versions are taken, e.g. `stable`.")),
        },
        recorded("How the cluster is upgraded by itself."),
      ),
    },
    recorded("What the platform may do by itself."),
  ),
  auto_mode: object({ enable: flag(recorded("Whether it is on.")) }, recorded("Intelligent managed mode.")),
  client_token: text({
    ...recorded("A client's own name for the request."),
    maxLength: 64,
    effect:
      "The same request with the same name, sent again within 24 hours, makes no other cluster and has the first answer; another request with that name is refused.",
    observed: `answers of CreateCluster; \`ClientToken\` in ${seen.echo}`,
  }),
};
