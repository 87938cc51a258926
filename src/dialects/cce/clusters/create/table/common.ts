import type { Facts } from "../../../../common/parameters/parameter.ts";

/** The one kind of cluster that CreateCluster makes: marks parameters that the documents have. */
export const documented: readonly string[] = ["cluster"];

/** Where effects can be seen. */
export const seen = {
  show: "ShowCluster",
  info: "ConfigMap `cluster-info` in `kube-system`",
  network: "ConfigMap `container-network-<mode>` in `kube-system`",
} as const;

/** Ids of cloud resources. The vendor's are much shorter; longer ones would not fit into an index. */
export const idLength = 128;

/** The most Pod ranges of a cluster, and the most subnets of its pods. */
export const mostRanges = 20;

/** The prefix lengths that nodes' shares of a Pod range can be asked for with; the first one is the usual one, unless the range is small. */
export const shareMasks = ["24", "25", "26", "27", "28"] as const;

/** What is said of parameters that have no effect here; remarks on a body go by these words. */
export const effects = {
  recorded: "Kept and shown as it was sent.",
  notDone: "Kept and shown as it was sent; what it asks for is not done here, and an event says so.",
  answered: "None: the service gives it out, and what a request says is not taken.",
} as const;

type Effect = keyof typeof effects;

const newer =
  (effect: Effect) =>
  (meaning: string): Facts => ({ kinds: [], meaning, effect: effects[effect], observed: seen.show });

/** A newer parameter that is kept without a further effect, as it has none on the cluster in the cloud either. */
export const recorded = newer("recorded");

/** A newer parameter that asks for something that is not done here. */
export const notDone = newer("notDone");

/** A member of answers, which clients send back when they copy one. */
export const answered = newer("answered");
