/** A network of a wanted cluster that cannot be as it was asked for. */
export interface NetworkConflict {
  /** What of the request is at fault: one of its ids, or one of its ranges. */
  field: "vpcId" | "vswitchId" | "securityGroupId" | "serviceCidr" | "podCidr";
  /** The id or the range, as it was asked for. */
  value: string;
  /** The rule it breaks, as the end of a sentence that begins with it: `must not overlap VPC vpc-1 (10.0.0.0/16)`. */
  rule: string;
  /** What to do about it: `choose another range`. */
  wayOut: string;
}

/** The conflict of a vSwitch or a security group that is known to be in another VPC than the wanted one. */
export const misplaced = (
  field: "vswitchId" | "securityGroupId",
  found: { id: string; vpcId: string },
  vpcId: string,
): NetworkConflict => ({
  field,
  value: found.id,
  rule: `is in VPC ${found.vpcId}, not in ${vpcId}`,
  wayOut: `name one of ${vpcId}, or that VPC`,
});

/** Thrown when a cluster's networks cannot be as they were asked for. The message has every conflict. */
export class NetworkConflictError extends Error {
  override readonly name = "NetworkConflictError";
  readonly conflicts: readonly NetworkConflict[];

  constructor(conflicts: readonly NetworkConflict[]) {
    const sentences = conflicts.map(({ field, value, rule, wayOut }) => `${nouns[field]} ${value} ${rule}: ${wayOut}.`);
    super(sentences.join(" "));
    this.conflicts = conflicts;
  }
}

/** What a field is called in a sentence. */
export const nouns: Readonly<Record<NetworkConflict["field"], string>> = {
  vpcId: "VPC",
  vswitchId: "vSwitch",
  securityGroupId: "Security group",
  serviceCidr: "Service range",
  podCidr: "Pod range",
};
