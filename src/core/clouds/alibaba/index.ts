import type { Cloud } from "../cloud.ts";
import { versionForm } from "../version-form.ts";
import { findInstanceType } from "./instance-types.ts";
import { instanceName, newResourceId } from "./names.ts";
import { osImages } from "./os-images.ts";
import { releases } from "./releases.ts";
import { plannedResources, publicAddressName } from "./resources.ts";

/** Alibaba Cloud, as far as ACK and its clusters need it. */
export const alibaba: Cloud = {
  releases,
  // `1.18.8-aliyun.1`, and plain `1.18.8` and `1.18`.
  versionForm: versionForm("", "-aliyun\\."),
  imageRegistry: (region) => `registry-vpc.${region}.aliyuncs.com/acs`,
  findInstanceType,
  instanceName,
  newResourceId,
  plannedResources,
  osImages,
  nodePoolLabel: "alibabacloud.com/nodepool-id",
  innerLoadBalancer: {
    annotation: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type",
    value: /^intranet$/,
  },
  // A disk of `data_disks`.
  diskInWords: ({ sizeGiB, performanceLevel, snapshotPolicyId, ...disk }) => ({
    ...disk,
    size: sizeGiB,
    performance_level: performanceLevel,
    auto_snapshot_policy_id: snapshotPolicyId,
  }),
  // 50 clusters with 100 nodes each, as its DescribeUserQuota says of a new account.
  quotas: { clusters: 50, nodes: 5_000 },
  publicAddressName,
};
