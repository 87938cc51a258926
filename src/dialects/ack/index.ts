import type { FastifyInstance } from "fastify";
import { rememberingAccessKeys, rememberNonce } from "../../core/accounts/accounts.ts";
import { ackBorder, operationNotSupported } from "./border.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import type { AckContext, AckRoutes } from "./context.ts";
import { createClusterRoute } from "./create-cluster-route.ts";
import { nodePoolRoutes } from "./node-pool-routes.ts";
import { nodeRoutes } from "./node-routes.ts";
import { ackOperations } from "./operations.ts";
import { resourceRoutes } from "./resource-routes.ts";
import { taskRoutes } from "./task-routes.ts";
import { versionRoutes } from "./version-routes.ts";

export type { AckContext, AckSettings } from "./context.ts";

/** All that is served; what is not, answers that it is not supported. */
const routes: readonly AckRoutes[] = [
  createClusterRoute,
  clusterRoutes,
  resourceRoutes,
  taskRoutes,
  nodeRoutes,
  nodePoolRoutes,
  versionRoutes,
];

/** Largest body of a request in bytes; the documents' largest sample has six thousand. */
const bodyLimit = 1024 * 1024;

/**
 * The ACK dialect as a Fastify plugin: the API of Alibaba Cloud Container Service for Kubernetes, version 2015-12-15.
 * Documented operations that have no route of their own answer that they are not supported.
 */
export async function ackDialect(app: FastifyInstance, context: AckContext): Promise<void> {
  const { core } = context;
  await app.register(ackBorder, {
    bodyLimit,
    authentication: {
      findAccessKey: rememberingAccessKeys(core),
      rememberNonce: (accessKeyId, nonce, expiresAt) => rememberNonce(core, accessKeyId, nonce, expiresAt),
      now: () => new Date(),
    },
  });
  for (const register of routes) register(app, context);
  for (const operation of ackOperations) {
    if (app.hasRoute({ method: operation.method, url: operation.path })) continue;
    app.route({
      method: operation.method,
      url: operation.path,
      config: { operation },
      schema: { hide: true },
      handler: () => {
        throw operationNotSupported(operation);
      },
    });
  }
}
