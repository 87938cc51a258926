export { type CheckOptions, checkCreateCluster } from "./check.ts";
export { remarksOn } from "./remarks.ts";
export {
  type ControlPlaneConfig,
  type CreateClusterBody,
  createClusterBody,
  createClusterParameters,
  type GivenBody,
  type NodePoolBody,
  parameterGroups,
  type ScalingGroupBody,
} from "./table/table.ts";
