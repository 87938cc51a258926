import {
  choice,
  type Facts,
  type ListShape,
  type ObjectShape,
  objects,
  required,
  type TextShape,
  text,
} from "../../../../common/parameters/parameter.ts";
import type { Kind } from "../kind.ts";
import { labelKey, labelValue } from "../value-rules.ts";

/** Documented for both kinds of clusters. */
export const both: readonly Kind[] = ["managed", "dedicated"];

/** Where effects can be seen. */
export const seen = {
  describe: "DescribeClusterDetail",
  echo: "`parameters` of DescribeClusterDetail",
  pools: "DescribeClusterNodePools",
  resources: "DescribeClusterResources",
} as const;

/** Ids of cloud resources. The vendor's are much shorter; longer ones would not fit into an index. */
export const idLength = 128;

/** What to do where a group of nodes is asked to be too large. */
export const moreNodes = "ask for several node pools of at most 100 nodes each, in vSwitches that are large enough";

/** Values that are shared by the parameters of several groups of nodes. */
export const diskCategories = [
  "cloud_efficiency",
  "cloud_ssd",
  "cloud",
  "cloud_essd",
  "cloud_auto",
  "cloud_essd_entry",
] as const;
export const performanceLevels = ["PL0", "PL1", "PL2", "PL3"] as const;
export const chargeTypes = ["PrePaid", "PostPaid"] as const;
export const periods = [1, 2, 3, 6, 12, 24, 36, 48, 60];
export const renewalPeriods = [1, 2, 3, 6, 12];
export const runtimes = ["containerd", "docker", "Sandboxed-Container.runv"] as const;
export const cpuPolicies = ["none", "static"] as const;
const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"] as const;

/** Sizes of disks in GiB. */
export const systemDiskSize = { minimum: 40, maximum: 500 };
export const dataDiskSize = { minimum: 40, maximum: 32768 };

/** A parameter that only newer versions of the API have and that is kept without a further effect. */
export const recorded = (meaning: string): Facts => ({
  kinds: [],
  meaning,
  effect: "Kept with the cluster as it was sent.",
  observed: seen.echo,
});

/** A list of taints with the members that each of them has. */
export const taintList = (facts: Facts) => {
  const { kinds, newerFor, observed } = facts;
  const where = { kinds, newerFor, observed };
  return objects(
    {
      key: required(
        text({ ...where, rule: labelKey, meaning: "Key of the taint.", effect: "Key of the taint on the nodes." }),
      ),
      value: text({
        ...where,
        rule: labelValue,
        meaning: "Value of the taint.",
        effect: "Value of the taint on the nodes.",
      }),
      effect: required(
        choice(taintEffects, {
          ...where,
          meaning: "What the taint does to pods that do not tolerate it.",
          effect: "The scheduler and the controller manager act on it.",
        }),
      ),
    },
    { ...facts, conditions: ["no key twice with the same effect"] },
  );
};

/** A list of keys and values. */
export const keyValueList = (
  facts: Facts & { readonly maxItems?: number },
  key: Facts & Omit<TextShape, "type">,
  value: Facts & Omit<TextShape, "type">,
): Facts & ListShape<ObjectShape<{ key: Facts & TextShape & { readonly required: true }; value: Facts & TextShape }>> =>
  objects({ key: required(text(key)), value: text(value) }, facts);
