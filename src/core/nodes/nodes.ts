import { and, asc, eq, gt } from "drizzle-orm";
import { nodePools, nodes, vswitches } from "../../storage/schema.ts";
import type { NodePoolSpec } from "../clusters/cluster.ts";
import type { Core } from "../core.ts";
import { insertRows } from "../insert-rows.ts";
import { readInTurns } from "../read-in-turns.ts";

/** A worker: an instance that carries a Node object. */
export interface ClusterNode {
  clusterId: string;
  nodePoolId: string;
  /** e.g. `i-2ze0...`. */
  instanceId: string;
  /** Name of the Node object. */
  name: string;
  /** Address in the VPC. */
  address: string;
  vswitchId: string;
  instanceType: string;
  /** Whether the instance was there before the cluster. */
  existing: boolean;
  /** Order of creation within the cluster, from 0. */
  ordinal: number;
  createdAt: Date;
}

/** A node pool as it is kept. */
export interface NodePool {
  id: string;
  clusterId: string;
  name: string;
  spec: NodePoolSpec;
  createdAt: Date;
}

/** Writes new workers. */
export const insertNodes = (core: Core, added: readonly Omit<ClusterNode, "createdAt">[]): Promise<void> =>
  insertRows(core, nodes, added);

/** Writes a new node pool. */
export async function insertNodePool(core: Core, pool: Omit<NodePool, "createdAt">): Promise<void> {
  await core.db.insert(nodePools).values(pool);
}

/** A cluster's workers in order of creation. */
export const listNodes = ({ db }: Core, clusterId: string): Promise<ClusterNode[]> =>
  readInTurns((after, limit) =>
    db
      .select()
      .from(nodes)
      .where(and(eq(nodes.clusterId, clusterId), gt(nodes.ordinal, after)))
      .orderBy(asc(nodes.ordinal))
      .limit(limit),
  );

/** A cluster's node pools, oldest first. */
export async function listNodePools(core: Core, clusterId: string): Promise<NodePool[]> {
  const rows = await core.db
    .select()
    .from(nodePools)
    .where(eq(nodePools.clusterId, clusterId))
    .orderBy(asc(nodePools.createdAt), asc(nodePools.id));
  return rows as NodePool[];
}

/** Addresses that nodes have in a VPC, whatever their cluster. */
export async function usedAddresses(core: Core, accountId: string, vpcId: string): Promise<string[]> {
  const rows = await core.db
    .select({ address: nodes.address })
    .from(nodes)
    .innerJoin(vswitches, and(eq(vswitches.id, nodes.vswitchId), eq(vswitches.vpcId, vpcId)))
    .where(eq(vswitches.accountId, accountId));
  return rows.map(({ address }) => address);
}
