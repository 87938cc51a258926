import { type ClusterNetwork, usesVswitches } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { freePodRange, freeServiceRange } from "./free-range.ts";
import { nouns } from "./network-conflict.ts";
import { NoPodRangeError } from "./no-room.ts";
import { lockVpc, namesOf, overlapping, type UsedRange, usedRanges, type Visibility } from "./used-ranges.ts";

/** The ranges that were asked for, and whether another Pod range may stand in for one that cannot be. */
export interface AskedRanges extends Pick<ClusterNetwork, "vpcId" | "plugin" | "podCidr" | "morePodCidrs"> {
  accountId: string;
  serviceCidr: string | undefined;
  podRange: "refuse" | "choose";
  /** Whose clusters sentences may name. */
  visible: Visibility;
}

/** The ranges that a cluster has. Whether they can be, `checkNetworks` says. */
export interface ChosenRanges {
  podCidr: string | undefined;
  serviceCidr: string;
  /** What the user should know about the Pod range, where it is not the one that was asked for. */
  notice: { level: "info" | "warning"; message: string } | undefined;
}

/** A range of which a sentence can tell. */
type NamedRange = Pick<UsedRange, "cidr" | "name">;

/**
 * Decides on the ranges that a request leaves open: a Pod range that is missing or overlaps another one, and a Service range
 * that is missing.
 *
 * Inside a transaction, creations in one VPC wait for each other, so that no two get the same Pod range.
 * @throws {NoPodRangeError} where a Pod range is to be chosen and none is free
 */
export async function chooseRanges(core: Core, asked: AskedRanges): Promise<ChosenRanges> {
  await lockVpc(core, asked);
  const used = await usedRanges(core, asked, asked.visible);
  const { podCidr, notice } = choosePodRange(asked, used);
  return { podCidr, serviceCidr: asked.serviceCidr ?? chooseServiceRange(asked, podCidr, used), notice };
}

function choosePodRange(asked: AskedRanges, used: readonly NamedRange[]): Pick<ChosenRanges, "podCidr" | "notice"> {
  const { podCidr, morePodCidrs } = asked;
  if (asked.podRange === "refuse" || usesVswitches(asked.plugin)) return { podCidr, notice: undefined };
  const taken = [...used, ...ownServices(asked)];
  const collisions = podCidr === undefined ? [] : overlapping(podCidr, taken);
  if (podCidr !== undefined && collisions.length === 0) return { podCidr, notice: undefined };
  const free = freePodRange([...taken.map(({ cidr }) => cidr), ...morePodCidrs]);
  if (free === undefined) throw new NoPodRangeError(noPodRange(asked, collisions));
  return { podCidr: free, notice: noticeOf(podCidr, free, collisions) };
}

/** The Service range that was asked for; one that was not makes way for the pods. */
const ownServices = ({ serviceCidr: cidr }: AskedRanges): NamedRange[] =>
  cidr === undefined ? [] : [{ cidr, name: `the cluster's own ${nouns.serviceCidr} ${cidr}` }];

function noticeOf(
  asked: string | undefined,
  chosen: string,
  collisions: readonly NamedRange[],
): ChosenRanges["notice"] {
  if (asked === undefined) return { level: "info", message: `No Pod range was asked for: the cluster has ${chosen}.` };
  const message = `Pod range ${asked} overlaps ${listOf(collisions)}: the cluster has ${chosen} in its place.`;
  return { level: "warning", message };
}

function noPodRange({ podCidr, vpcId }: AskedRanges, collisions: readonly NamedRange[]): string {
  const reason =
    podCidr === undefined ? "No Pod range was asked for" : `Pod range ${podCidr} overlaps ${listOf(collisions)}`;
  return (
    `${reason}, and none of 172.16.0.0/16 to 172.31.0.0/16 is free in VPC ${vpcId}: ` +
    "name a Pod range that is, or another VPC, or delete a cluster there."
  );
}

const listOf = (ranges: readonly NamedRange[]): string => namesOf(ranges).join(" and ");

/** Other clusters may have the same Services; their pods, and the VPC, are other machines' addresses. */
function chooseServiceRange(asked: AskedRanges, podCidr: string | undefined, used: readonly UsedRange[]): string {
  const ofPods = [asked.podCidr, podCidr, ...asked.morePodCidrs].filter((cidr) => cidr !== undefined);
  const ofOthers = used.filter(({ use }) => use !== "serviceCidr").map(({ cidr }) => cidr);
  return freeServiceRange([...ofPods, ...ofOthers]);
}
