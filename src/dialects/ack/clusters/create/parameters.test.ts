import { describe, expect, it, vi } from "vitest";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import type { Cases } from "../../../common/parameters/testing/cases.ts";
import { oneTooMany, rulesOf } from "../../../common/parameters/testing/limits.ts";
import { type Body, isAbout, put } from "../../../common/parameters/testing/places.ts";
import type { Kind } from "./kind.ts";
import { createClusterParameters } from "./table/table.ts";
import { sampleOf, withControlPlaneConfig, without } from "./testing/bodies.ts";
import type { KindCases } from "./testing/cases.ts";
import { clusterCases } from "./testing/cluster-cases.ts";
import { newerCases } from "./testing/newer-cases.ts";
import { nodeCases } from "./testing/node-cases.ts";
import { refused } from "./testing/validate.ts";

const allCases: Record<string, KindCases> = { ...clusterCases, ...nodeCases, ...newerCases };
const parameters = placedParameters(createClusterParameters);

const kindsOf = (path: string): Kind[] => {
  const { kinds = [], newerFor = [] } = parameters.find((placed) => placed.path === path)?.parameter ?? {};
  return kinds.length + newerFor.length === 0 ? ["managed", "dedicated"] : ([...kinds, ...newerFor] as Kind[]);
};

const casesOf = (path: string, kind: Kind): Cases => {
  const cases = allCases[path];
  if (!cases) throw new Error(`${path} has no cases.`);
  return "accepts" in cases ? cases : cases[kind];
};

/** Documented parameters that say what a newer one says. */
const equals: Record<string, string> = {
  extra_sans: "custom_san",
  rrsa_config: "enable_rrsa",
  worker_vswitch_ids: "vswitch_ids",
};

/** A body that is accepted, and into which a parameter fits: the documents' sample, or one in the way of newer clients. */
function bodyFor(path: string, kind: Kind): Body {
  const [outermost = ""] = path.split(/[.[]/);
  if (outermost === "control_plane_config" && kind === "dedicated") return structuredClone(withControlPlaneConfig);
  const sample = without(sampleOf(kind), equals[outermost] ?? "");
  if (outermost.startsWith("worker_") && kind === "dedicated") return without(sample, "nodepools");
  if (outermost !== "nodepools" || kind === "dedicated") return sample;
  return { ...without(sample, "num_of_nodes", "instances", /^worker_/), nodepools: sampleOf("dedicated").nodepools };
}

describe("the table", () => {
  it("has every parameter of the documents", () => {
    const documentedFor = (kind: Kind) => parameters.filter(({ parameter }) => parameter.kinds?.includes(kind));
    expect(documentedFor("managed")).toHaveLength(68);
    expect(documentedFor("dedicated")).toHaveLength(146);
  });

  it("has cases for each of its parameters, and no others", () => {
    expect(Object.keys(allCases).toSorted()).toEqual(parameters.map(({ path }) => path).toSorted());
  });

  it.each(parameters)("says in whole sentences what $path is and does", ({ parameter }) => {
    for (const sentence of [parameter.meaning, parameter.effect]) expect(sentence).toMatch(/^[A-Zv`-].*\.$/);
    expect(parameter.observed).toMatch(/./);
    // Which documents have it: none is said so, too.
    expect(parameter.kinds).toBeInstanceOf(Array);
  });
});

describe.each(parameters.flatMap((placed) => kindsOf(placed.path).map((kind) => ({ ...placed, kind }))))(
  "$path in a $kind cluster",
  ({ path, parameter, kind }) => {
    const { accepts, refuses } = casesOf(path, kind);
    const place = path.replaceAll("[]", "[0]");
    const tooLarge = oneTooMany(parameter);

    it("has cases of both sorts", () => {
      expect(accepts).not.toEqual([]);
      expect(refuses).not.toEqual([]);
    });

    it.each(accepts.map((value) => [JSON.stringify(value).slice(0, 80), value]))("accepts %s", (_shown, value) => {
      expect(refused(put(bodyFor(path, kind), path, value))).toEqual([]);
    });

    if (tooLarge !== undefined)
      it("is refused beyond its limit, and no rule looks at it", () => {
        const looks = rulesOf(parameter).map((rule) => vi.spyOn(rule, "holds"));
        const named = refused(put(bodyFor(path, kind), path, tooLarge));
        expect(named).toContain(place);
        for (const look of looks) expect(look.mock.calls.flat()).not.toContain(tooLarge);
        vi.restoreAllMocks();
      });

    it.each(refuses.map((value) => [JSON.stringify(value).slice(0, 80), value]))("refuses %s", (_shown, value) => {
      const named = refused(put(bodyFor(path, kind), path, value));
      expect(named).not.toEqual([]);
      expect(named.filter((name) => !isAbout(name, place) && !conflicts[path]?.includes(name))).toEqual([]);
    });
  },
);

/** Parameters that are named where two of them do not go together. */
const conflicts: Record<string, string[]> = {
  container_cidr: ["service_cidr", "node_cidr_mask"],
  worker_vswitch_ids: ["vswitch_ids"],
  control_plane_config: ["master_system_disk_category", "master_system_disk_size", "key_pair"],
  "nodepools[].auto_scaling.max_instances": ["nodepools[0].auto_scaling.min_instances"],
};
