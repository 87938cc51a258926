import type { ControlPlane, ControlPlaneMember } from "../control-plane.ts";
import { compareNumbers, parseRequestedVersion } from "../distribution/version.ts";

/** Names of the components, which are the names of their executables. */
export type ComponentName = "etcd" | "kube-apiserver" | "kube-controller-manager" | "kube-scheduler";

/** A control-plane process of one member, ready to be started. Nothing in it is secret. */
interface ComponentCommand {
  executable: ComponentName;
  args: string[];
  /** To be added to the environment. */
  env: Record<string, string>;
}

/** Makes a component's command. `version` is that of the executable: `x.y.z`, with or without a leading `v`. */
export type ComponentBuilder = (
  version: string,
  controlPlane: ControlPlane,
  member: ControlPlaneMember,
) => ComponentCommand;

/** The versions of an executable that take a flag. */
export interface VersionRange {
  /** First minor version that takes it, e.g. `1.24`. */
  since?: string;
  /** First minor version that refuses it, e.g. `1.24`. */
  before?: string;
}

/**
 * One flag: its name without dashes, its value (undefined, an empty text or an empty list leaves the flag out), and the
 * versions that take it.
 */
export type FlagRow = readonly [
  name: string,
  value: string | number | boolean | readonly string[] | undefined,
  range?: VersionRange,
];

/**
 * The managers' limit on requests a second to their own API server, for each of their clients. The default of 20
 * delays the first service account by seconds, and is what a thousand new pods wait for.
 */
export const apiRequestsPerSecond = 300;

/** How many requests the managers may send at once before {@link apiRequestsPerSecond} holds. */
export const apiBurst = 600;

/** The rows that `version` takes, as `--name=value`, in the table's order. */
export function renderFlags(version: string, rows: readonly FlagRow[]): string[] {
  return (
    rows
      .filter(([, value, range]) => value !== undefined && String(value) !== "" && covers(range, version))
      // A list becomes a string joined by commas.
      .map(([name, value]) => `--${name}=${String(value)}`)
  );
}

/** What every component gets in its environment: the time zone, where the cluster has one. */
export function componentEnvironment(controlPlane: ControlPlane): Record<string, string> {
  return controlPlane.timezone === undefined ? {} : { TZ: controlPlane.timezone };
}

/** Whether a version of an executable is in a range. */
export function covers(range: VersionRange | undefined, version: string): boolean {
  if (range?.since !== undefined && isBefore(version, range.since)) return false;
  return range?.before === undefined || isBefore(version, range.before);
}

/** Whether a version belongs to an earlier minor version than `minor`. */
function isBefore(version: string, minor: string): boolean {
  const one = parseRequestedVersion(version);
  const other = parseRequestedVersion(minor);
  return compareNumbers([one.major, one.minor], [other.major, other.minor]) < 0;
}
