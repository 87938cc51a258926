import Fastify, { type FastifyInstance } from "fastify";
import { rememberingAccessKeys } from "../../../core/accounts/accounts.ts";
import { verifyToken } from "../../../core/accounts/tokens.ts";
import type { Core } from "../../../core/core.ts";
import { border } from "../../common/border.ts";
import { authenticateCce } from "../authentication.ts";
import { callerOf, projectOf } from "../caller.ts";
import { cceVocabulary } from "../vocabulary.ts";
import { type IamContext, iamRoutes } from "./index.ts";

/** IAM's routes behind the dialect's border, and one of CCE's that tells the project of its path. */
export async function createIamApp(
  core: Core,
  options: Partial<Omit<IamContext, "core">> = {},
): Promise<FastifyInstance> {
  const now = options.now ?? (() => new Date());
  const app = Fastify({ routerOptions: { maxParamLength: 256 } }) as unknown as FastifyInstance;
  await app.register(async (cce) => {
    const findAccessKey = rememberingAccessKeys(core);
    await cce.register(border, {
      vocabulary: cceVocabulary,
      bodyLimit: 100_000,
      authenticate: (signed) =>
        authenticateCce(signed, { findAccessKey, verifyToken: (token, at) => verifyToken(core, token, at), now }),
    });
    iamRoutes(cce, { core, settings: { inventory: "implicit" }, ...options, now });
    cce.get<{ Params: { project_id: string } }>("/api/v3/projects/:project_id/clusters", async (request) => ({
      project: await projectOf(core, callerOf(request), request.params.project_id),
    }));
  });
  return app;
}
