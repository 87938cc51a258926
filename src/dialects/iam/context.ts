import type { Core } from "../../core/core.ts";
import type { Routes } from "../common/dialect.ts";
import type { AddressSettings } from "../huawei/address.ts";

/** What the routes of IAM work with. */
export interface IamContext {
  core: Core;
  settings: AddressSettings & {
    /** `implicit` makes the project of a region on its first use, as the vendor's accounts have one in every region. */
    inventory: "implicit" | "strict";
  };
  /** The current time; the machine's where it is left out. */
  now?(): Date;
}

/** Registers part of the dialect's routes. */
export type IamRoutes = Routes<IamContext>;

/** How the OpenAPI document groups the operations. */
export const tags = ["IAM"];
