import type { Cloud } from "../cloud.ts";
import { community } from "../community.ts";
import { versionForm } from "../version-form.ts";
import { releases } from "./releases.ts";

/** Huawei Cloud, as far as CCE and its clusters need it. */
export const huawei: Cloud = {
  ...community,
  releases,
  // `v1.7`, `v1.7.3` and `v1.7.3-r13`.
  versionForm: versionForm("v", "-r"),
  nodePoolLabel: "cce.cloud.com/cce-nodepool-id",
  // JSON, as its documents have it: `{"type": "inner", …}`.
  innerLoadBalancer: { annotation: "kubernetes.io/elb.autocreate", value: /"type"\s*:\s*"inner"/ },
  // A volume of `rootVolume` and `dataVolumes`.
  diskInWords: ({ category, sizeGiB }) => ({ volumetype: category, size: sizeGiB }),
  // Clusters: what it is seen to allow. Nodes: that many clusters of its widest flavor, with 2000 nodes each.
  quotas: { clusters: 50, nodes: 100_000 },
  imageRegistry: (region) => `swr.${region}.myhuaweicloud.com/hwofficial`,
};
