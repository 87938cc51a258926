import { isIP } from "node:net";
import { ipv4Range, numberToIpv4 } from "../cidr.ts";
import type { ServiceObject } from "./objects.ts";

/** How a Service asks for a load balancer with an address in the VPC alone: each cloud has an annotation for it. */
export interface InnerLoadBalancer {
  annotation: string;
  /** What the annotation's value then has in it. */
  value: RegExp;
}

/**
 * Ranges of the made-up addresses. A public one must be nobody's: RFC 2544 keeps 198.18.0.0/15 for benchmarks, and of
 * that the nodes' public addresses use the other half. An inner one should be in no network of the cluster: the
 * shared range of RFC 6598 is rarely one, and its last part is the last that an unknown VPC would get.
 */
const ranges = { public: ipv4Range("198.19.0.0/16"), inner: ipv4Range("100.127.0.0/16") };

/** What a Service's load balancer still needs: an address, or the removal of those it has. */
export type AddressDuty = "give" | "take" | undefined;

/** What is to be done about a Service's addresses. A Service that has some keeps them, whatever it asks for later. */
export function addressDuty({ metadata, spec, ...service }: ServiceObject): AddressDuty {
  const hasAddress = ingressOf(service).length > 0;
  if (metadata.deletionTimestamp) return undefined;
  if (spec.type !== "LoadBalancer") return hasAddress ? "take" : undefined;
  return hasAddress || spec.loadBalancerClass ? undefined : "give";
}

/**
 * The address for a Service that needs one: the one that its `loadBalancerIP` asks for, else the lowest free one of
 * the range that its annotation asks for. It is made up: nothing listens there, and no packet goes there.
 *
 * @param taken addresses that must not be given.
 * @param inner how a Service asks for an inner address; undefined where none can.
 * @returns undefined where the address asked for is taken or none at all, or where the range is used up.
 */
export function chooseAddress(
  { metadata, spec }: ServiceObject,
  taken: ReadonlySet<string>,
  inner: InnerLoadBalancer | undefined,
): string | undefined {
  const wish = spec.loadBalancerIP;
  if (wish) return isIP(wish) && !taken.has(wish) ? wish : undefined;
  const isInner = inner?.value.test(metadata.annotations?.[inner.annotation] ?? "") ?? false;
  const { first, last } = isInner ? ranges.inner : ranges.public;
  // Neither the network's own address nor the broadcast address.
  for (let number = first + 1; number < last; number++) {
    const address = numberToIpv4(number);
    if (!taken.has(address)) return address;
  }
  return undefined;
}

/** The addresses that a Service's status has. */
export const addressesOf = (service: Pick<ServiceObject, "status">): string[] =>
  ingressOf(service).flatMap(({ ip }) => ip ?? []);

const ingressOf = ({ status }: Pick<ServiceObject, "status">) => status?.loadBalancer?.ingress ?? [];

/**
 * What is kept of a Service in memory.
 *
 * @param inner the one that {@link chooseAddress} gets.
 */
export function trimService(
  { metadata, spec, status }: ServiceObject,
  inner: InnerLoadBalancer | undefined,
): ServiceObject {
  const wish = inner && metadata.annotations?.[inner.annotation];
  return {
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      annotations: inner && wish !== undefined ? { [inner.annotation]: wish } : undefined,
      deletionTimestamp: metadata.deletionTimestamp,
    },
    spec: {
      type: spec.type,
      loadBalancerIP: spec.loadBalancerIP,
      loadBalancerClass: spec.loadBalancerClass,
    },
    status: { loadBalancer: { ingress: status?.loadBalancer?.ingress } },
  };
}
