import type { WorkerKind } from "../../../core/clusters/cluster.ts";

/** A size of cluster as CCE sells it. */
export interface Flavor {
  /** e.g. `cce.s2.small`. */
  name: string;
  /** Number of control-plane members. */
  members: number;
  /** The most workers that a cluster of it may have. */
  nodeLimit: number;
  /** The `spec.type` that the documents have it for. Nothing is refused because of it. */
  fits: "VirtualMachine" | "BareMetal";
  /** Whether its members can be spread over zones. */
  multiZone: boolean;
}

type Size = "small" | "medium" | "large" | "xlarge";
const sizes: readonly Size[] = ["small", "medium", "large", "xlarge"];

/** Flavors whose names begin alike, by the letter after `cce.` or `cce.dec.`. */
interface Family extends Pick<Flavor, "fits"> {
  /** Number of control-plane members by the digit after the letter. */
  members: Readonly<Record<string, number>>;
  /** The most workers of each size. */
  limits: Readonly<Record<Size, number>>;
}

/**
 * Flavors of virtual machines and of bare metal. Of the digits the documents know 1 and 2; private clouds have 3, for
 * virtual machines alone. An `xlarge` of `t` is not published.
 */
const families: Readonly<Record<"s" | "t", Family>> = {
  s: {
    fits: "VirtualMachine",
    members: { "1": 1, "2": 3, "3": 5 },
    limits: { small: 50, medium: 200, large: 1000, xlarge: 2000 },
  },
  t: {
    fits: "BareMetal",
    members: { "1": 1, "2": 3 },
    limits: { small: 10, medium: 100, large: 500, xlarge: 1000 },
  },
};

/** `dec.` marks those of a dedicated cloud, which are alike. */
const form = /^cce\.(?:dec\.)?(?<letter>[st])(?<digit>[123])\.(?<size>small|medium|large|xlarge)$/;

/**
 * The flavor of that name; undefined where there can be none. Sizes that are not sold in public, such as `cce.s1.xlarge`,
 * are known all the same.
 */
export function findFlavor(name: string): Flavor | undefined {
  const parts = form.exec(name)?.groups as { letter: "s" | "t"; digit: string; size: Size } | undefined;
  if (!parts) return undefined;
  const { fits, members: byDigit, limits } = families[parts.letter];
  const members = byDigit[parts.digit];
  if (members === undefined) return undefined;
  return { name, members, nodeLimit: limits[parts.size], fits, multiZone: members > 1 };
}

/** What a flavor is found for. */
export interface FlavorWish {
  members: number;
  nodeLimit: number | undefined;
  workerKind: WorkerKind;
}

/**
 * The smallest flavor for a cluster that was not made with one: as many members, at least as many nodes. The largest one
 * where more nodes are wanted than any has, or their number has no limit.
 */
export function flavorOf({ members, nodeLimit = Number.POSITIVE_INFINITY, workerKind }: FlavorWish): string {
  const letter = workerKind === "bare-metal" && Object.values(families.t.members).includes(members) ? "t" : "s";
  const family = families[letter];
  const digit = Object.keys(family.members).find((key) => family.members[key] === members) ?? "1";
  const size = sizes.find((each) => family.limits[each] >= nodeLimit) ?? "xlarge";
  return `cce.${letter}${digit}.${size}`;
}

/** Every flavor but those of dedicated clouds, which are alike: `cce.dec.s2.small`. */
export const knownFlavors: readonly string[] = Object.entries(families).flatMap(([letter, { members }]) =>
  Object.keys(members).flatMap((digit) => sizes.map((size) => `cce.${letter}${digit}.${size}`)),
);

/** The flavors that are sold in public, smallest family first. */
export const publicFlavors: readonly string[] = [
  ...["cce.s1.small", "cce.s1.medium", "cce.s1.large"],
  ...["cce.s2.small", "cce.s2.medium", "cce.s2.large", "cce.s2.xlarge"],
  ...["cce.t1.small", "cce.t1.medium", "cce.t1.large"],
  ...["cce.t2.small", "cce.t2.medium", "cce.t2.large"],
];

/**
 * The answer of `GET /api/v2/flavor/specifications`. The members' own machines are not shown: they are this service's.
 * @param clusterType as the query names it: `VirtualMachine` or `BareMetal`; `ARM64` has the flavors of virtual machines;
 * undefined or empty takes all
 */
export function toFlavorSpecifications(clusterType?: string) {
  const fitting = clusterType === "ARM64" ? "VirtualMachine" : clusterType;
  const flavors = publicFlavors.flatMap((name) => findFlavor(name) ?? []);
  return {
    clusterFlavorSpecs: flavors
      .filter(({ fits }) => !fitting || fits === fitting)
      .map(({ name, nodeLimit, multiZone }) => ({
        name,
        nodeCapacity: nodeLimit,
        isSoldOut: false,
        isSupportMultiAZ: multiZone,
        availableMasterFlavors: [],
      })),
  };
}
