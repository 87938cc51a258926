import type { DialectName } from "../clusters/cluster.ts";
import { alibaba } from "./alibaba/index.ts";
import type { Cloud } from "./cloud.ts";
import { huawei } from "./huawei/index.ts";
import { versionForm } from "./version-form.ts";

/** The clouds by the dialects in which they are spoken to. */
const clouds = new Map<DialectName, Cloud>([
  ["ack", alibaba],
  ["cce", huawei],
]);

/** What a vendor of whom no facts are known is taken to be like: the community's words for everything. */
const community: Cloud = {
  releases: [],
  versionForm: versionForm("v?", "-"),
};

/** The cloud whose clusters are made through a dialect. */
export const cloudOf = (dialect: DialectName): Cloud => clouds.get(dialect) ?? community;
