export { allViolations, type CheckOptions, checkCreateCluster } from "./check.ts";
export { givenParameters, unknownFields, withoutNulls } from "./given.ts";
export { remarksOn } from "./remarks.ts";
export { createClusterBody } from "./schema.ts";
export {
  type ControlPlaneConfig,
  type CreateClusterBody,
  createClusterParameters,
  type GivenBody,
  type NodePoolBody,
  parameterGroups,
  type ScalingGroupBody,
} from "./table/table.ts";
