import { type Dialect, usualBodyLimit } from "../common/dialect.ts";
import { huaweiAuthentication } from "../huawei/authentication.ts";
import { catalogueRoutes } from "./catalogue/routes.ts";
import type { IamContext } from "./context.ts";
import { domainRoutes } from "./domains/routes.ts";
import { iamOperations } from "./operations.ts";
import { projectRoutes } from "./projects/routes.ts";
import { regionRoutes } from "./regions/routes.ts";
import { tokenRoutes } from "./tokens/routes.ts";
import { userRoutes } from "./users/routes.ts";
import { versionRoutes } from "./versions/routes.ts";
import { iamVocabulary } from "./vocabulary.ts";

export type { IamContext } from "./context.ts";

/** The API of Huawei Cloud's Identity and Access Management (`/v3`), as far as clients of its other services need it. */
export const iam: Dialect<IamContext> = {
  name: "iam",
  vocabulary: iamVocabulary,
  bodyLimit: usualBodyLimit,
  operations: iamOperations,
  authentication: huaweiAuthentication,
  routes: [versionRoutes, tokenRoutes, catalogueRoutes, projectRoutes, domainRoutes, regionRoutes, userRoutes],
};
