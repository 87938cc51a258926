import type { DialectName } from "../clusters/cluster.ts";
import { alibaba } from "./alibaba/index.ts";
import type { Cloud } from "./cloud.ts";
import { community } from "./community.ts";
import { huawei } from "./huawei/index.ts";

/** The clouds by the dialects in which they are spoken to. */
const clouds = new Map<DialectName, Cloud>([
  ["ack", alibaba],
  ["cce", huawei],
]);

/** The cloud whose clusters are made through a dialect. */
export const cloudOf = (dialect: DialectName): Cloud => clouds.get(dialect) ?? community;
