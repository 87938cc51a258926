import type { Cloud } from "../cloud.ts";
import { versionForm } from "../version-form.ts";
import { findInstanceType } from "./instance-types.ts";
import { instanceName, newResourceId } from "./names.ts";
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
  publicAddressName,
};
