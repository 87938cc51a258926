import type { Dialect } from "../common/dialect.ts";
import { huaweiAuthentication } from "../huawei/authentication.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { certificateRoutes } from "./certificate-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import type { CceContext } from "./context.ts";
import { createClusterRoute } from "./create-cluster-route.ts";
import { jobRoutes } from "./job-routes.ts";
import { cceOperations } from "./operations.ts";
import { updateClusterRoutes } from "./update-cluster-routes.ts";
import { cceVocabulary } from "./vocabulary.ts";

export type { CceContext, CceSettings } from "./context.ts";

/** The API of Huawei Cloud Container Engine (`/api/v3`). */
export const cce: Dialect<CceContext> = {
  name: "cce",
  vocabulary: cceVocabulary,
  // The documents' samples have less than a thousand.
  bodyLimit: 1024 * 1024,
  operations: cceOperations,
  authentication: huaweiAuthentication,
  routes: [createClusterRoute, clusterRoutes, updateClusterRoutes, certificateRoutes, jobRoutes, catalogueRoutes],
};
