import { randomUUID } from "node:crypto";
import swagger from "@fastify/swagger";
import Fastify, { type FastifyInstance, LogController } from "fastify";
import type { Logger } from "pino";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import type { Core } from "../core/core.ts";
import type { MountedDialect } from "../dialects/common/dialect.ts";
import { addGuard, type Guard } from "./guard.ts";
import { createMetrics } from "./metrics.ts";
import { serviceRoutes } from "./service-routes.ts";
import { unreadablePaths } from "./unreadable-paths.ts";

/** What the server works with. */
export interface AppOptions {
  log: Logger;
  /** Version of Sampan, for the OpenAPI document. */
  version: string;
  core: Core;
  observer: ClusterObserver;
  /** The vendors' APIs that are served, each with what it works with. */
  dialects: readonly MountedDialect[];
  /** Decides which requests are looked at at all. */
  guard: Guard;
  /** Rejects, with the reason, while the service is not ready to work. */
  checkReady(): Promise<void>;
}

/** What answers requests, with its dialects. It listens nowhere by itself: the front passes requests on to it. */
export async function createApp({
  log,
  version,
  core,
  observer,
  dialects,
  guard,
  checkReady,
}: AppOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: log,
    // One line a request is written below, at a level that is off by default.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID().toUpperCase(),
    // Terraform's autoscaler path ends in a slash, others come with one by mistake.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 },
    // The documents' own samples send numbers and booleans as texts. Every violation is reported, not just the first.
    ajv: { customOptions: { coerceTypes: true, allErrors: true, removeAdditional: false, useDefaults: false } },
    frameworkErrors: unreadablePaths(dialects, guard),
  }) as unknown as FastifyInstance;

  addGuard(app, guard, dialects);
  const metrics = createMetrics();
  app.addHook("onResponse", async (request, reply) => {
    const { config, url = "" } = request.routeOptions;
    metrics.observeRequest(config.operation ?? { dialect: "", name: url }, request.method, reply);
    request.log.debug({ method: request.method, path: request.routeOptions.url, status: reply.statusCode }, "answered");
  });

  await app.register(swagger, {
    openapi: {
      info: { title: "Sampan", version, description: "Managed Kubernetes behind the cluster APIs of ACK and CCE." },
      tags: [{ name: "service", description: "The service itself" }],
    },
    // Operations are found by the vendor's names, as in its own documents; two vendors may use the same one.
    transform: ({ schema, url, route }) => {
      const { operation } = route.config ?? {};
      return { url, schema: operation ? { operationId: `${operation.dialect}.${operation.name}`, ...schema } : schema };
    },
  });

  await app.register(async (service) => serviceRoutes(service, { core, observer, metrics, checkReady }));
  for (const { plugin } of dialects) await app.register(plugin);
  return app;
}
