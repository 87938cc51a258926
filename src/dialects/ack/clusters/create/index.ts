export { type CheckOptions, checkCreateCluster } from "./check.ts";
export { remarksOn } from "./remarks.ts";
export {
  type CreateClusterBody,
  createClusterBody,
  createClusterParameters,
  type NodePoolBody,
} from "./table/table.ts";
