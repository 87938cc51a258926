import type { Cases } from "../../../../common/parameters/testing/cases.ts";
import type { Kind } from "../kind.ts";

/** Cases by kind of cluster, where they differ. */
export type KindCases = Cases | Readonly<Record<Kind, Cases>>;
