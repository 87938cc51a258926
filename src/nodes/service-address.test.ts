import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LoadBalancerIngress, ObjectMeta, ServiceObject } from "./objects.ts";
import { addressDuty, addressesOf, chooseAddress, type InnerLoadBalancer, trimService } from "./service-address.ts";

const inner: InnerLoadBalancer = { annotation: "example.com/address-type", value: /^intranet$/ };
const addressType = (value: string) => ({ annotations: { [inner.annotation]: value } });

function serviceOf(
  spec: ServiceObject["spec"],
  { ingress, ...metadata }: Partial<ObjectMeta> & { ingress?: LoadBalancerIngress[] } = {},
): ServiceObject {
  return {
    metadata: { name: "web", namespace: "default", uid: "uid-1", resourceVersion: "7", ...metadata },
    spec,
    status: { loadBalancer: { ingress } },
  };
}

const balanced = (metadata: Partial<ObjectMeta> = {}, loadBalancerIP?: string) =>
  serviceOf({ type: "LoadBalancer", loadBalancerIP }, metadata);

describe("addressDuty", () => {
  const present = { ingress: [{ ip: "198.19.0.1" }] };
  const deleted = { deletionTimestamp: "2026-01-31T08:00:00Z" };
  const ofAnother = { type: "LoadBalancer", loadBalancerClass: "example.com/own" } as const;
  it.each([
    ["a load balancer without an address", serviceOf({ type: "LoadBalancer" }), "give"],
    ["an empty list of addresses", serviceOf({ type: "LoadBalancer" }, { ingress: [] }), "give"],
    ["a load balancer that has one", serviceOf({ type: "LoadBalancer" }, present), undefined],
    [
      "one that now asks for another",
      serviceOf({ type: "LoadBalancer", loadBalancerIP: "1.2.3.4" }, present),
      undefined,
    ],
    ["a name instead of an address", serviceOf({ type: "LoadBalancer" }, { ingress: [{ hostname: "lb" }] }), undefined],
    ["another implementation's Service", serviceOf(ofAnother), undefined],
    ["a Service that is being deleted", serviceOf({ type: "LoadBalancer" }, deleted), undefined],
    ["a ClusterIP that has none", serviceOf({ type: "ClusterIP" }), undefined],
    ["a former load balancer, now a ClusterIP", serviceOf({ type: "ClusterIP" }, present), "take"],
    ["a former load balancer, now a NodePort", serviceOf({ type: "NodePort" }, present), "take"],
    ["a former load balancer, now a name", serviceOf({ type: "ExternalName" }, present), "take"],
    ["one whose type is not said", serviceOf({}, present), "take"],
  ])("for %s", (_what, service, duty) => {
    expect(addressDuty(service)).toBe(duty);
  });

  it("for a Service without a status", () => {
    const { status: _none, ...fresh } = balanced();
    expect(addressDuty(fresh)).toBe("give");
  });
});

describe("chooseAddress", () => {
  it.each([
    ["a public address without an annotation", balanced(), [], "198.19.0.1"],
    ["a public address when asked for", balanced(addressType("internet")), [], "198.19.0.1"],
    ["an inner address when asked for", balanced(addressType("intranet")), [], "100.127.0.1"],
    ["the lowest that is free", balanced(), ["198.19.0.1", "198.19.0.3"], "198.19.0.2"],
    ["one of each range by itself", balanced(addressType("intranet")), ["198.19.0.1"], "100.127.0.1"],
    ["the address that the Service names", balanced({}, "203.0.113.9"), ["198.19.0.1"], "203.0.113.9"],
    ["the named one whatever the annotation", balanced(addressType("intranet"), "203.0.113.9"), [], "203.0.113.9"],
    ["an IPv6 address that the Service names", balanced({}, "2001:db8::9"), [], "2001:db8::9"],
    ["no other one where the named one is taken", balanced({}, "203.0.113.9"), ["203.0.113.9"], undefined],
    ["none where what is named is no address", balanced({}, "lb.example.com"), [], undefined],
  ])("gives %s", (_what, service, taken, address) => {
    expect(chooseAddress(service, new Set(taken), inner)).toBe(address);
  });

  it("gives a public address where a cloud has no word for an inner one", () => {
    expect(chooseAddress(balanced(addressType("intranet")), new Set(), undefined)).toBe("198.19.0.1");
  });

  it("uses a range up, but for its first and its last address, and then gives none", () => {
    const taken = new Set<string>();
    for (let third = 0; third < 256; third++)
      for (let fourth = 0; fourth < 256; fourth++) taken.add(`198.19.${third}.${fourth}`);
    taken.delete("198.19.0.0");
    taken.delete("198.19.255.255");
    expect(chooseAddress(balanced(), taken, inner)).toBeUndefined();
    taken.delete("198.19.255.254");
    expect(chooseAddress(balanced(), taken, inner)).toBe("198.19.255.254");
  });

  it("never gives what is taken", () => {
    const octets = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 40 });
    fc.assert(
      fc.property(octets, (numbers) => {
        const taken = new Set(numbers.map((number) => `198.19.0.${number}`));
        const address = chooseAddress(balanced(), taken, inner) ?? "none";
        expect(address).toMatch(/^198\.19\.0\.\d+$/);
        expect(taken).not.toContain(address);
        const lower = Array.from({ length: Number(address.split(".")[3]) - 1 }, (_, n) => `198.19.0.${n + 1}`);
        expect(lower.filter((candidate) => !taken.has(candidate))).toEqual([]);
      }),
    );
  });
});

describe("addressesOf", () => {
  it.each([
    [undefined, []],
    [[], []],
    [
      [{ ip: "198.19.0.1" }, { hostname: "lb" }, { ip: "198.19.0.2" }],
      ["198.19.0.1", "198.19.0.2"],
    ],
  ])("in %j", (ingress, addresses) => {
    expect(addressesOf(serviceOf({}, { ingress }))).toEqual(addresses);
  });
});

describe("trimService", () => {
  it("keeps what decides on an address, and nothing else", () => {
    const { annotations } = addressType("intranet");
    const service = {
      ...serviceOf({ type: "LoadBalancer", loadBalancerIP: "203.0.113.9" }, { ingress: [{ ip: "203.0.113.9" }] }),
      kind: "Service",
    };
    const full = {
      ...service,
      metadata: { ...service.metadata, labels: { a: "b" }, annotations: { ...annotations, other: "x" } },
      spec: { ...service.spec, ports: [{ port: 80 }] },
    };
    expect(trimService(full, inner)).toEqual({
      metadata: { name: "web", namespace: "default", uid: "uid-1", resourceVersion: "7", annotations },
      spec: { type: "LoadBalancer", loadBalancerIP: "203.0.113.9" },
      status: { loadBalancer: { ingress: [{ ip: "203.0.113.9" }] } },
    });
  });

  it("keeps no annotation that is not there, or means nothing", () => {
    expect(trimService(balanced(), inner).metadata.annotations).toBeUndefined();
    expect(trimService(balanced(addressType("intranet")), undefined).metadata.annotations).toBeUndefined();
  });

  it("decides as the whole object would", () => {
    for (const service of [balanced(), balanced(addressType("intranet")), serviceOf({ type: "ClusterIP" })]) {
      expect(addressDuty(trimService(service, inner))).toBe(addressDuty(service));
      expect(chooseAddress(trimService(service, inner), new Set(), inner)).toBe(
        chooseAddress(service, new Set(), inner),
      );
    }
  });
});
