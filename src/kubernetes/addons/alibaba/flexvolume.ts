import { type AddonBuilder, image } from "../addon.ts";
import { diskClass } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

const disks = "alicloud/disk";

/** The volume drivers from before CSI. */
export const flexvolume: AddonBuilder = (scope) => [
  daemonSet("flexvolume", { image: image(scope, "flexvolume", scope.addon.version) }),
];

/** What makes disks for them, with its StorageClasses. */
export const diskController: AddonBuilder = (scope) => [
  diskClass("alicloud-disk-available", disks, "available"),
  diskClass("alicloud-disk-efficiency", disks, "cloud_efficiency"),
  diskClass("alicloud-disk-ssd", disks, "cloud_ssd"),
  diskClass("alicloud-disk-essd", disks, "cloud_essd"),
  deployment("alicloud-disk-controller", scope.plan, {
    critical: true,
    image: image(scope, "alicloud-disk-controller", scope.addon.version),
  }),
];
