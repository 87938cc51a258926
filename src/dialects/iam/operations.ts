import { type Operation, type OperationTable, operationFinder, operationsOf } from "../common/operation.ts";
import { unservedOperations } from "./unserved-operations.ts";

/** One operation of IAM's API. */
export type IamOperation = Operation<IamOperationName>;

/** The name of an operation. */
export type IamOperationName = keyof typeof documented;

/** The operations: those that clients of other services need, and all others that are documented. */
const documented = {
  KeystoneShowVersion: "GET /v3",
  KeystoneCreateUserTokenByPassword: "POST /v3/auth/tokens {}",
  KeystoneValidateToken: "GET /v3/auth/tokens",
  KeystoneShowCatalog: "GET /v3/auth/catalog",
  KeystoneListServices: "GET /v3/services",
  KeystoneShowService: "GET /v3/services/:service_id",
  KeystoneListEndpoints: "GET /v3/endpoints",
  KeystoneShowEndpoint: "GET /v3/endpoints/:endpoint_id",
  KeystoneListAuthProjects: "GET /v3/auth/projects",
  KeystoneListAuthDomains: "GET /v3/auth/domains",
  KeystoneListProjects: "GET /v3/projects",
  KeystoneCreateProject: "POST /v3/projects {}",
  KeystoneShowProject: "GET /v3/projects/:project_id",
  KeystoneDeleteProject: "DELETE /v3/projects/:project_id",
  KeystoneListRegions: "GET /v3/regions",
  KeystoneShowRegion: "GET /v3/regions/:region_id",
  KeystoneListUsers: "GET /v3/users",
  KeystoneShowUser: "GET /v3/users/:user_id",
  KeystoneListProjectsForUser: "GET /v3/users/:user_id/projects",
  ...unservedOperations,
} as const satisfies OperationTable;

/** Operations for who has no token yet. What anybody may send is small. */
const publicOperations: Partial<Record<IamOperationName, Pick<IamOperation, "isPublic" | "bodyLimit">>> = {
  KeystoneShowVersion: { isPublic: true },
  KeystoneCreateUserTokenByPassword: { isPublic: true, bodyLimit: 16 * 1024 },
};

/** All operations: what is known of a path that no route serves. */
export const iamOperations: readonly IamOperation[] = operationsOf("iam", documented).map((operation) => ({
  ...operation,
  ...publicOperations[operation.name],
}));

/** The operation of a name, and Fastify's options for its route. */
export const { find: iamOperation, routeOf } = operationFinder<typeof documented>(iamOperations);
