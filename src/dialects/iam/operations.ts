import { type Operation, type OperationTable, operationFinder, operationsOf } from "../common/operation.ts";

/** One operation of IAM's API. */
export type IamOperation = Operation<IamOperationName>;

/** The name of an operation. */
export type IamOperationName = keyof typeof documented;

/** The operations that clients of other services need: tokens, projects and domains, as they ask for before anything else. */
const documented = {
  KeystoneCreateUserTokenByPassword: "POST /v3/auth/tokens {}",
  KeystoneValidateToken: "GET /v3/auth/tokens",
  KeystoneListAuthProjects: "GET /v3/auth/projects",
  KeystoneListAuthDomains: "GET /v3/auth/domains",
  KeystoneListProjects: "GET /v3/projects",
  KeystoneCreateProject: "POST /v3/projects {}",
  KeystoneListRegions: "GET /v3/regions",
  KeystoneListUsers: "GET /v3/users",
} as const satisfies OperationTable;

/** Operations for who has no token yet. What anybody may send is small. */
const publicOperations: Partial<Record<IamOperationName, Pick<IamOperation, "isPublic" | "bodyLimit">>> = {
  KeystoneCreateUserTokenByPassword: { isPublic: true, bodyLimit: 16 * 1024 },
};

/** All operations: what is known of a path that no route serves. */
export const iamOperations: readonly IamOperation[] = operationsOf("iam", documented).map((operation) => ({
  ...operation,
  ...publicOperations[operation.name],
}));

/** The operation of a name, and Fastify's options for its route. */
export const { find: iamOperation, routeOf } = operationFinder(iamOperations);
