import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeViolation, type Violation } from "../../../common/errors/violations.ts";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import { type Body, changed, isAbout, placesOf, remove, written } from "../../../common/parameters/testing/places.ts";
import { respell } from "./respell.ts";
import { createClusterParameters } from "./table/table.ts";
import { sampleOf, smallest, terraforms, turbo, withProxy } from "./testing/bodies.ts";
import { packed, pems } from "./testing/certificates.ts";
import { readCreateCluster, violationsOf } from "./testing/validate.ts";

const bodies: readonly Body[] = [
  sampleOf("VirtualMachine"),
  sampleOf("BareMetal"),
  smallest,
  turbo,
  withProxy,
  respell(terraforms) as Body,
];

/** Texts that mean something somewhere, whatever they stand for here. */
const meaningful = placedParameters(createClusterParameters).flatMap(({ parameter }) =>
  parameter.type === "text" ? [...(parameter.values ?? [])] : [],
);

const values = fc.oneof(
  fc.constantFrom<unknown>(remove, null, "", 0, [], {}, true, false, -1, 1e9, 2 ** 53, 0.5, "0", "true", "****"),
  fc.constantFrom<unknown>(...meaningful),
  fc.constantFrom<unknown>("10.0.0.0/8", "172.20.0.0/24", "192.168.0.0/29", "cce.s2.small", "v1.9", "multi_az"),
  fc.constantFrom<unknown>(packed(pems.otherCa), packed(pems.chain), pems.ca, "YQ=="),
  fc.integer(),
  fc.string({ maxLength: 80, unit: "grapheme" }),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 5 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const mutationOf = (body: Body) =>
  fc.record({ body: fc.constant(body), place: fc.constantFrom(...placesOf(body)), value: values });

const mutations = fc.constantFrom(...bodies).chain(mutationOf);

/** Parameters that say something together: a change of one can be what is wrong with another. */
const together: readonly (readonly string[])[] = [
  ["spec.type", "spec.hostNetwork"],
  ["spec.flavor", "spec.masters", "spec.extendParam"],
  ["spec.containerNetwork", "spec.eniNetwork", "spec.category", "spec.extendParam"],
  ["spec.serviceNetwork", "spec.kubernetesSvcIpRange"],
];

const areTogether = (one: string, other: string): boolean =>
  together.some((group) => [one, other].every((name) => group.some((place) => isAbout(place, name))));

/** Whether a violation is about what was changed, or about what stands in conflict with it. */
const concerns = ({ parameter, rule, wayOut = "" }: Violation, path: string): boolean =>
  isAbout(parameter, path) ||
  `${rule} ${wayOut}`.includes(path) ||
  areTogether(parameter, path) ||
  // The members of the proxy, and the mode, are checked together.
  (parameter.startsWith("spec.authentication") && path.startsWith("spec.authentication"));

describe("mutated bodies", () => {
  it("are accepted, or refused with the parameter's name: never is anything thrown", () => {
    fc.assert(
      fc.property(mutations, ({ body, place, value }) => {
        const mutated = changed(body, place, value);
        const { violations, remarks } = readCreateCluster(mutated);
        expect(violations.filter((violation) => !concerns(violation, written(place)))).toEqual([]);
        for (const violation of violations) expect(violation.parameter).not.toBe("");
        expect(remarks.every((remark) => remark.endsWith("."))).toBe(true);
      }),
      { numRuns: 6000 },
    );
  });

  it("have no key in any message, two changes at a time and checked strictly", () => {
    const secret = packed(pems.key).slice(50, 80);
    const twice = mutations.chain(({ body, place, value }) => mutationOf(changed(body, place, value)));
    fc.assert(
      fc.property(twice, ({ body, place, value }) => {
        const said = violationsOf(changed(body, place, value), { strict: true })
          .map(describeViolation)
          .join("\n");
        expect(said).not.toContain(secret);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("any JSON at all", () => {
  it("is refused without throwing", () => {
    const keys = fc.oneof(fc.string(), fc.constantFrom("kind", "Kind", "metadata", "spec", "SPEC", "status"));
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (body) => {
        expect(violationsOf(body).map(describeViolation).join("\n")).toMatch(/apiVersion is mandatory/);
      }),
      { numRuns: 2000 },
    );
  });
});
