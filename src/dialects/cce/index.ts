import { type Dialect, usualBodyLimit } from "../common/dialect.ts";
import { huaweiAuthentication } from "../huawei/authentication.ts";
import { catalogueRoutes } from "./catalogue/routes.ts";
import { certificateRoutes } from "./clusters/certificate-routes.ts";
import { updateClusterRoutes } from "./clusters/change/routes.ts";
import { createClusterRoute } from "./clusters/create/route.ts";
import { clusterRoutes } from "./clusters/routes.ts";
import type { CceContext } from "./context.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { cceOperations } from "./operations.ts";
import { cceVocabulary } from "./vocabulary.ts";

export type { CceContext } from "./context.ts";

/** The API of Huawei Cloud Container Engine (`/api/v3`). */
export const cce: Dialect<CceContext> = {
  name: "cce",
  vocabulary: cceVocabulary,
  // The documents' samples have less than a thousand.
  bodyLimit: usualBodyLimit,
  operations: cceOperations,
  authentication: huaweiAuthentication,
  routes: [createClusterRoute, clusterRoutes, updateClusterRoutes, certificateRoutes, jobRoutes, catalogueRoutes],
};
