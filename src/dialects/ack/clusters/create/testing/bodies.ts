import { readFileSync } from "node:fs";
import type { Body } from "../../../../common/parameters/testing/places.ts";
import type { Kind } from "../kind.ts";

const read = (name: string): Body =>
  JSON.parse(readFileSync(new URL(`../../../../../../examples/${name}`, import.meta.url), "utf8"));

const documented = { managed: read("ack-managed-cluster.json"), dedicated: read("ack-dedicated-cluster.json") };

/** The documents' own sample of a kind, to be changed at will. */
export const sampleOf = (kind: Kind): Body => structuredClone(documented[kind]);

/** The dedicated sample of the English document, which differs by its name. */
export const englishSample = (): Body => ({ ...sampleOf("dedicated"), name: "ACK dedicated cluster" });

/** A body without some of its members. */
export const without = (body: Body, ...names: (string | RegExp)[]): Body =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([name]) => !names.some((other) => (typeof other === "string" ? other === name : other.test(name))),
    ),
  );

/** The least that makes a managed cluster: Terraform's, without workers. */
export const smallest: Body = {
  name: "demo",
  region_id: "cn-beijing",
  cluster_type: "ManagedKubernetes",
  vpcid: "vpc-1",
  vswitch_ids: ["vsw-1"],
  container_cidr: "172.20.0.0/16",
  service_cidr: "172.21.0.0/20",
};

/** The same with the documents' workers. */
export const withWorkers: Body = {
  ...smallest,
  num_of_nodes: 2,
  worker_instance_types: ["ecs.c6.large"],
  worker_system_disk_category: "cloud_ssd",
  worker_system_disk_size: 120,
  key_pair: "key",
};

/** The same with workers as today's clients send them. */
export const withNodePool: Body = {
  ...smallest,
  nodepools: [
    {
      nodepool_info: { name: "workers" },
      scaling_group: { vswitch_ids: ["vsw-1"], instance_types: ["ecs.c6.large"], desired_size: 2 },
    },
  ],
};

/** The least that makes a dedicated cluster. */
export const dedicated: Body = {
  ...without(smallest, "vswitch_ids"),
  cluster_type: "Kubernetes",
  master_system_disk_category: "cloud_ssd",
  master_system_disk_size: 120,
  key_pair: "key",
};

/** The same as today's clients send it. */
export const withControlPlaneConfig: Body = {
  ...without(dedicated, /^master_/, "key_pair"),
  control_plane_config: { system_disk_category: "cloud_ssd", system_disk_size: 120, key_pair: "key" },
};
