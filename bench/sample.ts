import { readFile } from "node:fs/promises";

/** The documented samples that are measured: of a managed cluster, and of a dedicated one with three members. */
export type SampleName = "managed" | "dedicated";

/** The fields of a documented sample that the plain script needs. */
export interface Sample {
  kubernetes_version: string;
  container_cidr: string;
  service_cidr: string;
  node_cidr_mask: string;
  cluster_domain: string;
  custom_san: string;
  service_account_issuer: string;
  api_audiences: string;
  timezone: string;
  addons: { name: string }[];
  /** Managed clusters: where it is there, Secrets are encrypted. */
  encryption_provider_key?: string;
  /** Dedicated clusters: whether tokens are for the cloud's token service, too. */
  enable_rrsa?: boolean;
  /** Managed clusters: the workers. */
  num_of_nodes?: number;
  /** Dedicated clusters: the members, which are nodes as well. */
  master_count?: number;
  /** Dedicated clusters: the workers. */
  nodepools?: { count: number }[];
}

/** The documented sample of this kind. */
export async function readSample(name: SampleName): Promise<Sample & Record<string, unknown>> {
  return JSON.parse(await readFile(new URL(`../examples/ack-${name}-cluster.json`, import.meta.url), "utf8"));
}

/** How many members the control plane has. */
export const memberCount = ({ master_count }: Sample): number => master_count ?? 1;

/** How many Node objects there are. */
export function nodeCount({ num_of_nodes = 0, master_count = 0, nodepools = [] }: Sample): number {
  return nodepools.reduce((sum, { count }) => sum + count, num_of_nodes + master_count);
}
