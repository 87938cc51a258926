import { rememberingAccessKeys } from "../../core/accounts/accounts.ts";
import { verifyToken } from "../../core/accounts/tokens.ts";
import type { Dialect } from "../common/dialect.ts";
import { authenticateCce } from "./authentication.ts";
import { catalogueRoutes } from "./catalogue-routes.ts";
import { certificateRoutes } from "./certificate-routes.ts";
import { clusterRoutes } from "./cluster-routes.ts";
import type { CceContext } from "./context.ts";
import { createClusterRoute } from "./create-cluster-route.ts";
import { iamRoutes } from "./iam/index.ts";
import { jobRoutes } from "./job-routes.ts";
import { cceOperations } from "./operations.ts";
import { updateClusterRoutes } from "./update-cluster-routes.ts";
import { cceVocabulary } from "./vocabulary.ts";

export type { CceContext, CceSettings } from "./context.ts";

/** The API of Huawei Cloud Container Engine (`/api/v3`), and what its clients need of Huawei Cloud's IAM (`/v3`). */
export const cce: Dialect<CceContext> = {
  name: "cce",
  vocabulary: cceVocabulary,
  // The documents' samples have less than a thousand.
  bodyLimit: 1024 * 1024,
  operations: cceOperations,
  authentication: ({ core }) => {
    const findAccessKey = rememberingAccessKeys(core);
    return (signed) =>
      authenticateCce(signed, {
        findAccessKey,
        verifyToken: (token, now) => verifyToken(core, token, now),
        now: () => new Date(),
      });
  },
  routes: [
    iamRoutes,
    createClusterRoute,
    clusterRoutes,
    updateClusterRoutes,
    certificateRoutes,
    jobRoutes,
    catalogueRoutes,
  ],
};
