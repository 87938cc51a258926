import Type from "typebox";

const flag = (description: string) => Type.Boolean({ description });
const optional = Type.Optional;

/** A page of a list; an empty text means "not set". */
const pageNumber = optional(Type.String({ pattern: "^([1-9]\\d{0,6})?$", description: "Page, from 1." }));
const pageSize = optional(Type.String({ pattern: "^([1-9]\\d?|100)?$", description: "Entries on a page, 1 to 100." }));

export const listClustersQuery = Type.Object({
  cluster_id: optional(Type.String()),
  cluster_spec: optional(Type.String()),
  cluster_type: optional(Type.String()),
  name: optional(Type.String()),
  profile: optional(Type.String()),
  region_id: optional(Type.String()),
  page_number: pageNumber,
  page_size: pageSize,
});

export const listClustersOldQuery = Type.Object({
  name: optional(Type.String()),
  clusterType: optional(Type.String()),
  resource_group_id: optional(Type.String()),
});

export const listTasksQuery = Type.Object({ page_number: pageNumber, page_size: pageSize });

export const listNodesQuery = Type.Object({
  pageNumber,
  pageSize,
  nodepool_id: optional(Type.String()),
  state: optional(Type.String()),
  instanceIds: optional(Type.String()),
  nodeNames: optional(Type.String()),
  nodeIps: optional(Type.String()),
});

export const kubeconfigQuery = Type.Object({
  PrivateIpAddress: optional(flag("Whether the kubeconfig has the inner address of the API server.")),
  TemporaryDurationMinutes: optional(Type.String({ pattern: "^\\d*$", description: "Minutes, 15 to 4320." })),
});
