import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { describeViolation, type Violation } from "../../../common/errors/violations.ts";
import { unknownFields } from "../../../common/parameters/given.ts";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import { type Body, changed, placesOf, remove, written } from "../../../common/parameters/testing/places.ts";
import { invalidParameters } from "../../invalid-parameters.ts";
import { createClusterParameters, kindOf } from "./table/table.ts";
import { dedicated, sampleOf, smallest, withControlPlaneConfig, withNodePool } from "./testing/bodies.ts";
import { readCreateCluster, violationsOf } from "./testing/validate.ts";

const bodies: readonly Body[] = [
  sampleOf("managed"),
  sampleOf("dedicated"),
  smallest,
  dedicated,
  withNodePool,
  withControlPlaneConfig,
];

/** Texts that mean something somewhere, whatever they stand for here. */
const meaningful = placedParameters(createClusterParameters).flatMap(({ parameter }) => {
  if (parameter.type === "text" || parameter.type === "integer") return [...(parameter.values ?? [])];
  return [];
});

const values = fc.oneof(
  fc.constantFrom<unknown>(remove, null, "", 0, [], {}, true, false, -1, 1e9, 2 ** 53, 0.5, "0", "true", "****"),
  fc.constantFrom<unknown>(...meaningful),
  fc.constantFrom<unknown>("10.0.0.0/8", "172.20.0.0/24", "192.168.0.0/28", "customized,a,5,b", "terway-eniip", "a,b"),
  fc.integer(),
  fc.string({ maxLength: 80, unit: "grapheme" }),
  fc.array(fc.string({ maxLength: 5 }), { maxLength: 5 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const mutations = fc
  .constantFrom(...bodies)
  .chain((body) => fc.record({ body: fc.constant(body), place: fc.constantFrom(...placesOf(body)), value: values }));

const outermost = (path: string): string => path.split(/[.[]/, 1)[0] ?? "";

/** Parameters that say something together: a change of one can be what is wrong with another. */
const together: readonly (readonly string[])[] = [
  [
    "container_cidr",
    "service_cidr",
    "node_cidr_mask",
    "num_of_nodes",
    "instances",
    "nodepools",
    "master_count",
    "control_plane_config",
  ],
  ["addons", "container_cidr", "pod_vswitch_ids", "vswitch_ids", "is_enterprise_security_group", "security_group_id"],
  ["vswitch_ids", "nodepools"],
  ["key_pair", "login_password", "num_of_nodes", "instances", "control_plane_config"],
  ["master_count", "master_instance_types", "master_vswitch_ids"],
  ["control_plane_config", "master_system_disk_category", "master_system_disk_size"],
  ["master_instance_charge_type", "master_period_unit"],
  ["worker_instance_charge_type", "worker_period_unit", "worker_auto_renew", "worker_auto_renew_period"],
  [
    "nodepools",
    "num_of_nodes",
    "instances",
    "worker_instance_types",
    "worker_system_disk_category",
    "worker_system_disk_size",
  ],
];

/** Whether a violation is about what was changed, or about what stands in conflict with it. */
function isAbout({ parameter, rule, wayOut = "" }: Violation, path: string): boolean {
  if (`${parameter} ${rule} ${wayOut}`.includes(path)) return true;
  const [named, mutated] = [outermost(parameter), outermost(path)];
  return named === mutated || together.some((group) => group.includes(named) && group.includes(mutated));
}

describe("mutated bodies", () => {
  it("are accepted, or refused with the parameter's name: never is anything thrown", () => {
    fc.assert(
      fc.property(mutations, ({ body, place, value }) => {
        const mutated = changed(body, place, value);
        const { violations, remarks } = readCreateCluster(mutated);
        // Another kind of cluster has other rules.
        const isSameKind = kindOf(mutated.cluster_type) === kindOf(body.cluster_type);
        const path = written(place);
        expect(violations.filter((violation) => isSameKind && !isAbout(violation, path))).toEqual([]);
        for (const violation of violations) expect(violation.parameter).not.toBe("");
        expect(remarks.every((remark) => remark.endsWith("."))).toBe(true);
      }),
      { numRuns: 6000 },
    );
  });

  it("are answered with status 400 where they are refused", () => {
    fc.assert(
      fc.property(mutations, mutations, ({ body, place, value }, other) => {
        const [first, ...others] = violationsOf({ ...other.body, ...changed(body, place, value) }, { strict: true });
        if (!first) return;
        const error = invalidParameters([first, ...others]);
        expect(error.status).toBe(400);
        for (const violation of [first, ...others]) expect(error.message).toContain(violation.parameter);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("any JSON at all", () => {
  it("is refused without throwing", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("name", "addons", "nodepools", "tags")), fc.jsonValue()),
        (body) => {
          const named = violationsOf(body).map(describeViolation).join("\n");
          expect(named).toMatch(/region_id is mandatory/);
          expect(unknownFields(createClusterParameters, body)).toBeInstanceOf(Array);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
