import type { Logger } from "pino";
import type { ApiClient } from "../kubernetes/client.ts";
import { type Informer, startInformer } from "./informer.ts";
import { isStatus } from "./node-keeper.ts";
import { keyOf, type LoadBalancerIngress, type ServiceObject } from "./objects.ts";
import { addressDuty, addressesOf, chooseAddress, type InnerLoadBalancer, trimService } from "./service-address.ts";
import { createTroubleLog } from "./trouble-log.ts";
import { createWorkQueue } from "./work-queue.ts";

/** Writes under way at a time. */
const servicesAtOnce = 4;

/** The loop that gives Services their external addresses. */
export interface ServiceLoop {
  /** Resolves when everything has ended, after the loop's signal has fired. */
  close(): Promise<void>;
}

/** What the loop needs. */
export interface ServiceLoopOptions {
  /** Must be allowed to change Services' status, as the cloud controller manager is. */
  client: ApiClient;
  /** How a Service asks for an inner address; undefined where none can. */
  innerLoadBalancer: InnerLoadBalancer | undefined;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Starts the loop: one watch on all Services, and a queue for the work on them, which is what a cloud controller
 * manager would do. A Service of type LoadBalancer gets one address and keeps it; one that is no longer of that type
 * loses it. The addresses are made up ({@link chooseAddress}): nothing listens there. Which ones are taken, the Services'
 * own status says, so that a restart changes nothing.
 */
export function startServiceLoop({ client, innerLoadBalancer, log, signal }: ServiceLoopOptions): ServiceLoop {
  /** Addresses that are being written, by UID. What has come of one, the Service's next version shows. */
  const offers = new Map<string, string>();
  /** Services (keys) for which there is no address now. */
  const waiting = new Set<string>();
  const services: Informer<ServiceObject> = startInformer({
    client,
    path: "/api/v1/services",
    trim: (service) => trimService(service, innerLoadBalancer),
    onChange: changed,
    log,
    signal,
  });
  // No work begins before a list is taken in as a whole, so what is taken is known from the first address on.
  const queue = createWorkQueue({
    concurrency: servicesAtOnce,
    work: keepService,
    onError: createTroubleLog("service", log),
  });

  function changed(now: ServiceObject | undefined, before: ServiceObject | undefined) {
    const service = now ?? before;
    if (!service) return;
    offers.delete(service.metadata.uid);
    queue.add(keyOf(service));
    // An address may be free now.
    for (const key of waiting) queue.add(key);
  }

  async function keepService(key: string): Promise<undefined> {
    const service = services.items.get(key);
    const duty = service && addressDuty(service);
    // Its address is there, or is not asked for any more.
    if (duty !== "give") waiting.delete(key);
    if (service && duty === "give") await giveAddress(key, service);
    if (service && duty === "take") await writeIngress(service, null);
  }

  async function giveAddress(key: string, service: ServiceObject) {
    const address = offers.get(service.metadata.uid) ?? chooseAddress(service, takenAddresses(), innerLoadBalancer);
    if (address === undefined) return wait(key, service);
    offers.set(service.metadata.uid, address);
    await writeIngress(service, [{ ip: address }]);
  }

  const takenAddresses = () => new Set([...offers.values(), ...[...services.items.values()].flatMap(addressesOf)]);

  function wait(key: string, { spec }: ServiceObject) {
    if (!waiting.has(key))
      log.warn(
        { service: key, loadBalancerIP: spec.loadBalancerIP },
        "A Service waits for a free load balancer address.",
      );
    waiting.add(key);
  }

  async function writeIngress({ metadata }: ServiceObject, ingress: LoadBalancerIngress[] | null) {
    const path = `/api/v1/namespaces/${metadata.namespace}/services/${metadata.name}/status`;
    // The version is a precondition: what somebody else has changed meanwhile is to be looked at anew.
    const body = { metadata: { resourceVersion: metadata.resourceVersion }, status: { loadBalancer: { ingress } } };
    try {
      services.put(await client.request<ServiceObject>("PATCH", path, { body, signal }));
    } catch (error) {
      // Gone or changed: the watch is about to say so, or has just done.
      if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
    }
  }

  return {
    async close() {
      await Promise.all([queue.close(), services.ended]);
    },
  };
}
