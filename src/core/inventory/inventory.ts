import { and, count, eq, inArray, sql } from "drizzle-orm";
import { ipv4Range, nthPart } from "../../cidr.ts";
import { clusters, securityGroups, vpcs, vswitches } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { freeVpcRange } from "./free-range.ts";
import { misplaced, NetworkConflictError } from "./network-conflict.ts";
import { NoRoomError } from "./no-room.ts";
import { lockVpc } from "./used-ranges.ts";
import { zonesOf } from "./zones.ts";

/** A subnet that nodes get their addresses from. */
export interface Vswitch {
  id: string;
  vpcId: string;
  zone: string;
  cidr: string;
}

/** Prefix length of an unknown vSwitch: 64 of them fit in a VPC, each with about a thousand addresses. */
const vswitchPrefix = 22;

/**
 * Registers a VPC and vSwitches that are not known yet, with a plausible range and zone each (the documents give no
 * way to ask for them), and returns the vSwitches in the order asked for. Whether they fit together, `checkNetworks` says.
 * @param avoid ranges that a new VPC must not overlap: the cluster's Pod and Service ranges
 * @param zones of vSwitches whose zone is known, by their ids; others are laid over the region's
 * @throws {NetworkConflictError} where one is in another VPC, since a moment ago
 * @throws {NoRoomError} when the VPC has no room for another vSwitch, or those ranges leave none for the VPC
 */
export async function ensureVswitches(
  core: Core,
  {
    accountId,
    region,
    vpcId,
    vswitchIds,
    avoid,
    zones = new Map(),
  }: {
    accountId: string;
    region: string;
    vpcId: string;
    vswitchIds: string[];
    avoid: string[];
    zones?: ReadonlyMap<string, string>;
  },
): Promise<Vswitch[]> {
  const vpcCidr = await ensureVpc(core, { accountId, region, vpcId, avoid });
  const found: Vswitch[] = [];
  for (const id of vswitchIds)
    found.push(await ensureVswitch(core, { accountId, region, vpcId, vpcCidr, id, zone: zones.get(id) }));
  return found;
}

async function ensureVpc(
  core: Core,
  { accountId, region, vpcId, avoid }: { accountId: string; region: string; vpcId: string; avoid: string[] },
): Promise<string> {
  const known = await lockedVpcRange(core, accountId, vpcId);
  if (known) return known;
  await core.db
    .insert(vpcs)
    .values({ accountId, id: vpcId, region, cidr: freeVpcRange(vpcId, avoid) })
    .onConflictDoNothing();
  const registered = await lockedVpcRange(core, accountId, vpcId);
  if (!registered) throw new Error(`VPC ${vpcId} was removed while it was being registered; try again.`);
  return registered;
}

/** Locks the VPC: two creations that name new vSwitches of one VPC must not count the same number of them. */
async function lockedVpcRange(core: Core, accountId: string, vpcId: string): Promise<string | undefined> {
  const [row] = await core.db
    .select({ cidr: vpcs.cidr })
    .from(vpcs)
    .where(and(eq(vpcs.accountId, accountId), eq(vpcs.id, vpcId)))
    .for("update");
  return row?.cidr;
}

const vswitchColumns = { id: vswitches.id, vpcId: vswitches.vpcId, zone: vswitches.zone, cidr: vswitches.cidr };

/** A vSwitch as it is asked for, in a VPC that is known. */
interface WantedVswitch {
  accountId: string;
  region: string;
  vpcId: string;
  vpcCidr: string;
  id: string;
  /** Undefined for one of the region's, in turn. */
  zone: string | undefined;
}

async function ensureVswitch(core: Core, wanted: WantedVswitch): Promise<Vswitch> {
  const found = (await findVswitch(core, wanted)) ?? (await registerVswitch(core, wanted));
  if (found.vpcId !== wanted.vpcId) throw new NetworkConflictError([misplaced("vswitchId", found, wanted.vpcId)]);
  return found;
}

async function findVswitch(core: Core, { accountId, id }: WantedVswitch): Promise<Vswitch | undefined> {
  const where = and(eq(vswitches.accountId, accountId), eq(vswitches.id, id));
  return (await core.db.select(vswitchColumns).from(vswitches).where(where))[0];
}

/** @returns the vSwitch as it is known now: another request may have named it in another VPC at the same moment */
async function registerVswitch(core: Core, wanted: WantedVswitch): Promise<Vswitch> {
  const { accountId, region, vpcId, vpcCidr, id } = wanted;
  const [counted] = await core.db
    .select({ total: count() })
    .from(vswitches)
    .where(and(eq(vswitches.accountId, accountId), eq(vswitches.vpcId, vpcId)));
  const index = counted?.total ?? 0;
  // The zones are dealt out in turn to the vSwitches of a VPC.
  const zones = zonesOf(region);
  const zone = wanted.zone ?? (zones[index % zones.length] as string);
  const made = { id, vpcId, zone, cidr: partOf(vpcId, vpcCidr, index) };
  await core.db
    .insert(vswitches)
    .values({ accountId, ...made })
    .onConflictDoNothing();
  const registered = await findVswitch(core, wanted);
  if (!registered) throw new Error(`vSwitch ${id} was removed while it was being registered; try again.`);
  return registered;
}

/** The range of a VPC's vSwitch number `index`, counted from 0. */
function partOf(vpcId: string, vpcCidr: string, index: number): string {
  const range = ipv4Range(vpcCidr);
  if (index >= 2 ** (vswitchPrefix - range.prefix))
    throw new NoRoomError(
      `VPC ${vpcId} (${vpcCidr}) has ${index} vSwitches, and no more fit; name one of them, or another VPC.`,
    );
  return nthPart(range, vswitchPrefix, index);
}

/** Those of the vSwitches that are known, each once, in the order asked for. */
export async function findVswitches(core: Core, accountId: string, ids: readonly string[]): Promise<Vswitch[]> {
  if (ids.length === 0) return [];
  const wanted = [...new Set(ids)];
  const rows = await core.db
    .select(vswitchColumns)
    .from(vswitches)
    .where(and(eq(vswitches.accountId, accountId), inArray(vswitches.id, wanted)));
  const known = new Map(rows.map((row) => [row.id, row]));
  return wanted.flatMap((id) => known.get(id) ?? []);
}

/**
 * Removes a VPC that was made for a cluster, with its vSwitches and the groups in it, when the cluster has gone; one that
 * another cluster uses meanwhile stays. Within a transaction.
 */
export async function removeMadeVpc(core: Pick<Core, "db">, accountId: string, vpcId: string): Promise<void> {
  // A creation that names it at this moment is waited for, and then seen.
  await lockVpc(core, { accountId, vpcId });
  const [other] = await core.db
    .select({ id: clusters.id })
    .from(clusters)
    .where(and(eq(clusters.accountId, accountId), sql`${clusters.spec}->'network'->>'vpcId' = ${vpcId}`))
    .limit(1);
  if (other) return;
  for (const table of [vswitches, securityGroups])
    await core.db.delete(table).where(and(eq(table.accountId, accountId), eq(table.vpcId, vpcId)));
  await core.db.delete(vpcs).where(and(eq(vpcs.accountId, accountId), eq(vpcs.id, vpcId)));
}
