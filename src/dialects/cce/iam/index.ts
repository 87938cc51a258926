import type { FastifyInstance } from "fastify";
import type { IamContext } from "./iam-context.ts";
import { projectRoutes } from "./project-routes.ts";
import { tokenRoutes } from "./token-routes.ts";

export type { IamContext } from "./iam-context.ts";

/** Registers IAM's operations, as far as clients of CCE need them: tokens, and what there is in an account. */
export function iamRoutes(app: FastifyInstance, context: IamContext): void {
  tokenRoutes(app, context);
  projectRoutes(app, context);
}
