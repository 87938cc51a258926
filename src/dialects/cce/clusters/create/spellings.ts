import type { Spelling } from "../../../common/parameters/spellings.ts";

/** What older clients say elsewhere than newer ones. */
export const spellings: readonly Spelling[] = [
  { place: "spec.serviceNetwork.IPv4CIDR", other: "spec.kubernetesSvcIpRange", told: "other" },
  { place: "spec.containerNetwork.cidrs[0].cidr", other: "spec.containerNetwork.cidr", told: "other" },
  { place: "spec.kubeProxyMode", other: "spec.extendParam.kubeProxyMode", told: "other" },
  // A rule says what has to hold: it may be any of the subnets.
  { place: "spec.eniNetwork.subnets[0].subnetID", other: "spec.eniNetwork.eniSubnetId", mayDiffer: true },
];
