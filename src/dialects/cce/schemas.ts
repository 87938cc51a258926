import Type from "typebox";
import { longestCertificateName, mostCertificateNames } from "../common/parameters/value-rules.ts";
import { idLength, mostRanges } from "./clusters/create/table/common.ts";
import { fates } from "./clusters/delete-options.ts";

const optional = Type.Optional;
const text = (description: string) => optional(Type.String({ description }));

export const projectParams = Type.Object({ project_id: Type.String() });
export const clusterParams = Type.Object({ project_id: Type.String(), cluster_id: Type.String() });
export const jobParams = Type.Object({ project_id: Type.String(), job_id: Type.String() });

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

const open = { additionalProperties: true };

/** The longest range is `255.255.255.255/32`. */
const range = Type.String({ maxLength: 18 });
const id = Type.String({ minLength: 1, maxLength: idLength });
const mostOf = { maxItems: mostRanges };
const certificateName = Type.String({ minLength: 1, maxLength: longestCertificateName });

/** The body of UpdateCluster, as far as it is supported; its limits are those of CreateCluster. */
export const updateClusterBody = Type.Object(
  {
    metadata: optional(Type.Object({ alias: optional(Type.String({ maxLength: 128 })) }, open)),
    spec: optional(
      Type.Object(
        {
          description: optional(Type.String({ maxLength: 4096 })),
          customSan: optional(Type.Array(certificateName, { maxItems: mostCertificateNames })),
          deletionProtection: optional(Type.Boolean()),
          containerNetwork: optional(
            Type.Object({ cidrs: optional(Type.Array(Type.Object({ cidr: range }, open), mostOf)) }, open),
          ),
          eniNetwork: optional(
            Type.Object({ subnets: optional(Type.Array(Type.Object({ subnetID: id }, open), mostOf)) }, open),
          ),
          hostNetwork: optional(Type.Object({ SecurityGroup: optional(Type.String({ maxLength: idLength })) }, open)),
        },
        open,
      ),
    ),
  },
  open,
);

/** The body of CreateKubernetesClusterCert. */
export const certificateBody = Type.Object(
  {
    duration: optional(
      Type.Integer({ description: "Days that the certificate is good for, 1 to 10950; -1 takes the longest." }),
    ),
    expire_at: optional(Type.String({ description: "The moment of its end (RFC 3339), in place of `duration`." })),
  },
  open,
);

/** The body of UpdateClusterEip. */
export const eipBody = Type.Object(
  {
    spec: Type.Object(
      {
        action: Type.String({ enum: ["bind", "unbind"] }),
        spec: optional(Type.Object({ id: optional(Type.String({ maxLength: idLength })) }, open)),
      },
      open,
    ),
  },
  open,
);

export const flavorsQuery = Type.Object({ clusterType: text("`VirtualMachine`, `ARM64` or `BareMetal`.") });
