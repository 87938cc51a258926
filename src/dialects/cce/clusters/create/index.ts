export { withoutAnswered } from "./answered.ts";
export { type CheckOptions, checkCreateCluster } from "./check.ts";
export { normaliseBody } from "./normalise.ts";

export { remarksOn } from "./remarks.ts";
export { idLength, mostRanges } from "./table/common.ts";
export {
  createClusterBody,
  createClusterParameters,
  parameterGroups,
} from "./table/table.ts";
export { privatePodRange } from "./value-rules.ts";
