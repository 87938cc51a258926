import { readFile } from "node:fs/promises";

/** The fields of the documented sample that the plain script needs. */
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
  num_of_nodes: number;
}

/** The documented sample of a managed cluster with three nodes. */
export async function readSample(): Promise<Sample & Record<string, unknown>> {
  return JSON.parse(await readFile(new URL("../examples/ack-managed-cluster.json", import.meta.url), "utf8"));
}
