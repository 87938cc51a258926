import type { FastifyInstance } from "fastify";
import pino from "pino";
import type { ClusterObserver } from "../../src/core/clusters/observer.ts";
import type { Core } from "../../src/core/core.ts";
import { cce } from "../../src/dialects/cce/index.ts";
import { mount } from "../../src/dialects/common/dialect.ts";
import { iam } from "../../src/dialects/iam/index.ts";
import { createApp } from "../../src/server/app.ts";
import { createGuard } from "../../src/server/guard.ts";

/** How the services read what the documents leave open, and the time they have. */
export interface HuaweiAppOptions {
  inventory?: "implicit" | "strict";
  now?(): Date;
  /** What observes the clusters, where anything does. */
  observer?: Partial<ClusterObserver>;
  /** The version that a cluster runs for which none is asked. */
  newestVersion?: string;
}

const unobserved = async (): Promise<never> => {
  throw new Error("Nothing observes this cluster.");
};

/** Observes no cluster. */
export const blindObserver: ClusterObserver = {
  describe: () => ({ endpoints: undefined, runningVersion: undefined }),
  kubeconfig: unobserved,
  adminAccess: unobserved,
  nodeReadiness: unobserved,
  readiness: unobserved,
  serviceAccountKeys: unobserved,
  certificateAuthority: unobserved,
};

/** The server with the services of Huawei Cloud, called by an IP address, localhost or `sampan.example`, over a core whose clusters nothing observes. */
export async function createHuaweiApp(core: Core, options: HuaweiAppOptions = {}): Promise<FastifyInstance> {
  const { inventory = "implicit", now = () => new Date() } = options;
  const observer = { ...blindObserver, ...options.observer };
  const common = {
    core,
    observer,
    settings: { validation: "lenient", inventory } as const,
    now,
    newestVersion: async () => options.newestVersion,
  };
  return createApp({
    ...{ log: pino({ level: "silent" }), version: "0.0.0", core, observer },
    dialects: [mount(cce, common), mount(iam, common)],
    guard: createGuard(["sampan.example", "cce.example.test"]),
    checkReady: async () => undefined,
  });
}
