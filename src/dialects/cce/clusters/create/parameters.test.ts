import { describe, expect, it, vi } from "vitest";
import { placedParameters } from "../../../common/parameters/parameter.ts";
import { oneTooMany, rulesOf } from "../../../common/parameters/testing/limits.ts";
import { type Body, isAbout, put } from "../../../common/parameters/testing/places.ts";
import { createClusterParameters, parameterGroups } from "./table/table.ts";
import { sampleOf, smallest, turbo, withProxy, withSpec } from "./testing/bodies.ts";
import { documentedCases } from "./testing/documented-cases.ts";
import { newerCases } from "./testing/newer-cases.ts";
import { refused } from "./testing/validate.ts";

const allCases = { ...documentedCases, ...newerCases };
const parameters = placedParameters(createClusterParameters);

/** A body that is accepted, and into which a parameter fits. */
function bodyFor(path: string): Body {
  if (path.startsWith("spec.eniNetwork.")) return structuredClone(turbo);
  if (/authenticatingProxy\.(cert|privateKey)$/.test(path)) return structuredClone(withProxy);
  // It says what another parameter of the sample says.
  if (path.startsWith("spec.containerNetwork.cidrs")) return structuredClone(smallest);
  if (path.startsWith("spec.clusterTags[].")) return withSpec({ clusterTags: [{ key: "env" }] });
  if (path.startsWith("spec.configurationsOverride[]."))
    return withSpec({ configurationsOverride: [{ name: "etcd" }] });
  return sampleOf("VirtualMachine");
}

/** Parameters that are named where two of them do not go together. */
const conflicts: Record<string, string[]> = {
  "spec.containerNetwork.mode": ["spec.eniNetwork.subnets"],
  "spec.encryptionConfig.mode": ["spec.encryptionConfig.kmsKeyID"],
  "spec.authentication.mode": ["spec.authentication.authenticatingProxy.ca"],
  "spec.authentication.authenticatingProxy.cert": ["spec.authentication.authenticatingProxy.privateKey"],
  "spec.authentication.authenticatingProxy.privateKey": ["spec.authentication.authenticatingProxy.cert"],
};

describe("the table", () => {
  it("has every parameter of the documents: the object's, and those of path and headers", () => {
    const documented = parameters.filter(({ parameter }) => parameter.kinds?.length).map(({ path }) => path);
    expect(documented.toSorted()).toEqual(Object.keys(documentedCases).toSorted());
    expect(documented).toHaveLength(25);
  });

  it("has cases for each of its parameters, and no others", () => {
    expect(Object.keys(allCases).toSorted()).toEqual(parameters.map(({ path }) => path).toSorted());
  });

  it("has every parameter in one of the documentation's groups", () => {
    const [, ...ofBody] = parameterGroups;
    const paths = ofBody.flatMap((group) => placedParameters(group.parameters, group.prefix).map(({ path }) => path));
    expect(paths.toSorted()).toEqual(parameters.map(({ path }) => path).toSorted());
  });

  it.each(parameters)("says in whole sentences what $path is and does", ({ parameter }) => {
    for (const sentence of [parameter.meaning, parameter.effect]) expect(sentence).toMatch(/^[A-Z`-].*\.$/);
    expect(parameter.observed).toMatch(/./);
    // Which documents have it: none is said so, too.
    expect(parameter.kinds).toBeInstanceOf(Array);
  });
});

describe.each(parameters)("$path", ({ path, parameter }) => {
  const { accepts, refuses } = allCases[path] ?? { accepts: [], refuses: [] };
  const place = path.replaceAll("[]", "[0]");
  const tooLarge = oneTooMany(parameter);

  it("has cases of both sorts", () => {
    // What `spec` takes is what its members take.
    if (path !== "spec") expect(accepts).not.toEqual([]);
    expect(refuses).not.toEqual([]);
  });

  it.each(accepts.map((value) => [JSON.stringify(value).slice(0, 80), value]))("accepts %s", (_shown, value) => {
    expect(refused(put(bodyFor(path), path, value))).toEqual([]);
  });

  if (tooLarge !== undefined)
    it("is refused beyond its limit, and no rule looks at it", () => {
      const looks = rulesOf(parameter).map((rule) => vi.spyOn(rule, "holds"));
      const named = refused(put(bodyFor(path), path, tooLarge));
      expect(named).toContain(place);
      for (const look of looks) expect(look.mock.calls.flat()).not.toContain(tooLarge);
      vi.restoreAllMocks();
    });

  it.each(refuses.map((value) => [JSON.stringify(value).slice(0, 80), value]))("refuses %s", (_shown, value) => {
    const named = refused(put(bodyFor(path), path, value));
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !isAbout(name, place) && !conflicts[path]?.includes(name))).toEqual([]);
  });
});
