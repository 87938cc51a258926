import type { DialectName } from "../../../core/clusters/cluster.ts";
import { isKnownVersion, knownVersions } from "../../../core/versions/catalogue.ts";
import { parseVendorVersion } from "../../../core/versions/version.ts";
import type { Violation } from "../errors/violations.ts";
import { type PlacedValue, placedValues } from "./given.ts";
import type { Members } from "./parameter.ts";

/**
 * The values of a body that are on no list where the list is the vendor's to extend.
 * @param given the part of a body that sets parameters
 */
const unlistedValues = (members: Members, given: unknown): (PlacedValue & { known: readonly string[] })[] =>
  placedValues(members, given).flatMap((placed) => {
    const known = placed.parameter.type === "text" ? placed.parameter.known : undefined;
    return known && typeof placed.value === "string" && !known.includes(placed.value) ? [{ ...placed, known }] : [];
  });

/** What the user should know about values that are on no list, as sentences. */
export const remarksOnUnlisted = (members: Members, given: unknown): string[] =>
  unlistedValues(members, given).map(
    ({ path, value, known }) =>
      `${path} ${JSON.stringify(value)} is not known, and taken as it is; known are ${known.join(", ")}.`,
  );

/** The violations that such values are where what is not known is refused. */
export const refuseUnlisted = (members: Members, given: unknown): Violation[] =>
  unlistedValues(members, given).map(({ path, value, known }) => ({
    parameter: path,
    value,
    rule: `must be one of ${known.join(", ")}`,
    wayOut: "choose one of them, or set SAMPAN_VALIDATION=lenient to have another one taken as it is",
  }));

const versionRule = "is not a known version";
const versionsOf = (dialect: DialectName): string => `the known versions are ${knownVersions(dialect).join(", ")}`;

/** Whether a version is well formed and in no catalogue; a text that is no version is found by its form. */
const isUnlistedVersion = (dialect: DialectName, version: string | undefined): version is string =>
  Boolean(version && parseVendorVersion(dialect, version) && !isKnownVersion(dialect, version));

/** What the user should know about a version that is in no catalogue; undefined where there is nothing to say. */
export const remarkOnVersion = (dialect: DialectName, version: string | undefined): string | undefined =>
  isUnlistedVersion(dialect, version)
    ? `Version ${version} ${versionRule}, and the nearest installed one runs: ${versionsOf(dialect)}.`
    : undefined;

/** The violation that such a version is where what is not known is refused. @param parameter that names it */
export const refuseVersion = (dialect: DialectName, parameter: string, version: string | undefined): Violation[] =>
  isUnlistedVersion(dialect, version)
    ? [{ parameter, value: version, rule: versionRule, wayOut: versionsOf(dialect) }]
    : [];
