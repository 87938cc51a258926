import { rememberingAccessKeys, rememberNonce } from "../../core/accounts/accounts.ts";
import { type Dialect, usualBodyLimit } from "../common/dialect.ts";
import { createClusterRoute } from "./clusters/create/route.ts";
import { clusterRoutes } from "./clusters/routes.ts";
import type { AckContext } from "./context.ts";
import { nodePoolRoutes } from "./node-pools/routes.ts";
import { nodeRoutes } from "./nodes/routes.ts";
import { ackOperations } from "./operations.ts";
import { resourceRoutes } from "./resources/routes.ts";
import { authenticate } from "./signature/authentication.ts";
import { taskRoutes } from "./tasks/routes.ts";
import { versionRoutes } from "./versions/routes.ts";
import { ackVocabulary } from "./vocabulary.ts";

export type { AckContext } from "./context.ts";

/** The API of Alibaba Cloud Container Service for Kubernetes, version 2015-12-15. */
export const ack: Dialect<AckContext> = {
  name: "ack",
  vocabulary: ackVocabulary,
  // The documents' largest sample has six thousand.
  bodyLimit: usualBodyLimit,
  operations: ackOperations,
  authentication: ({ core }) => {
    const findAccessKey = rememberingAccessKeys(core);
    return (signed) =>
      authenticate(signed, {
        findAccessKey,
        rememberNonce: (accessKeyId, nonce, expiresAt) => rememberNonce(core, accessKeyId, nonce, expiresAt),
        now: () => new Date(),
      });
  },
  routes: [createClusterRoute, clusterRoutes, resourceRoutes, taskRoutes, nodeRoutes, nodePoolRoutes, versionRoutes],
};
