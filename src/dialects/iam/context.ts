import type { FastifyRequest } from "fastify";
import type { Core } from "../../core/core.ts";
import type { Routes } from "../common/dialect.ts";

/** What the routes of IAM work with. */
export interface IamContext {
  core: Core;
  settings: {
    /** `implicit` makes the project of a region on its first use, as the vendor's accounts have one in every region. */
    inventory: "implicit" | "strict";
  };
  /** The current time; the machine's where it is left out. */
  now?(): Date;
}

/** The address that a request came to, without a slash at its end. */
export const addressOf = ({ protocol, host }: FastifyRequest): string => `${protocol}://${host}`;

/** Registers part of the dialect's routes. */
export type IamRoutes = Routes<IamContext>;

/** How the OpenAPI document groups the operations. */
export const tags = ["IAM"];
