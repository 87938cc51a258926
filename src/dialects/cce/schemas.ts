import Type from "typebox";
import { fates } from "./clusters/delete-options.ts";

const optional = Type.Optional;
const text = (description: string) => optional(Type.String({ description }));

const flag = (description: string) => optional(Type.Boolean({ description }));

const detail = flag("Adds figures of nodes and add-ons as annotations.");
const errorStatus = text("Any value shows a cluster that failed as `Error`; without it, it is shown as `Deleting`.");

export const showQuery = Type.Object({ detail, errorStatus });
export const listQuery = Type.Object({
  detail,
  errorStatus,
  status: text("Phase, e.g. `Available`."),
  type: text("`VirtualMachine`, `ARM64`, `BareMetal` or `Windows`."),
  version: text("Kubernetes version, or its beginning: `v1.9`."),
});

/** What becomes of what a cloud has made beside the cluster. */
const fate = (what: string) =>
  optional(
    Type.String({
      enum: [...fates, ""],
      description: `${what}: \`block\` or \`true\`, \`try\`, \`skip\` or \`false\`.`,
    }),
  );

export const deleteQuery = Type.Object({
  errorStatus,
  delete_efs: fate("SFS Turbo volumes"),
  delete_eni: fate("Network interfaces"),
  delete_evs: fate("EVS disks"),
  delete_net: fate("Load balancers"),
  delete_obs: fate("OBS buckets"),
  delete_sfs: fate("SFS volumes"),
  delete_sfs30: fate("SFS 3.0 volumes"),
  lts_reclaim_policy: text("What becomes of the log streams."),
  tobedeleted: flag("Only checks these options, and deletes nothing."),
  ondemand_node_policy: text("`delete`, `reset` or `retain`."),
  periodic_node_policy: text("`reset` or `retain`."),
});

export const flavorsQuery = Type.Object({ clusterType: text("`VirtualMachine`, `ARM64` or `BareMetal`.") });
