import { type AddonBuilder, image } from "../addon.ts";
import type { KubernetesObject } from "../kubernetes-object.ts";
import { csiDriver, diskClass, serviceAccount } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

const disks = "diskplugin.csi.alibabacloud.com";

/** The CSI drivers and the disks' StorageClasses, none of them the default, as with ACK. */
export const csiPlugin: AddonBuilder = (scope) => [
  ...account("csi-admin", "alicloud-csi-plugin"),
  csiDriver(disks, true),
  csiDriver("nasplugin.csi.alibabacloud.com", false),
  csiDriver("ossplugin.csi.alibabacloud.com", false),
  diskClass("alicloud-disk-available", disks, "available"),
  diskClass("alicloud-disk-efficiency", disks, "cloud_efficiency"),
  diskClass("alicloud-disk-ssd", disks, "cloud_ssd"),
  diskClass("alicloud-disk-essd", disks, "cloud_essd"),
  diskClass("alicloud-disk-topology", disks, "available", "WaitForFirstConsumer"),
  diskClass("alicloud-disk-topology-alltype", disks, "cloud_essd,cloud_ssd,cloud_efficiency", "WaitForFirstConsumer"),
  daemonSet("csi-plugin", {
    serviceAccountName: "csi-admin",
    image: image(scope, "csi-plugin", scope.addon.version),
    args: ["--endpoint=$(CSI_ENDPOINT)", "--v=2", "--driver=oss,nas,disk"],
    env: { CSI_ENDPOINT: "unix://var/lib/kubelet/csi-plugins/driverplugin.csi.alibabacloud.com-replace/csi.sock" },
    requests: { cpu: "100m", memory: "128Mi" },
  }),
];

/** What makes the volumes. */
export const csiProvisioner: AddonBuilder = (scope) => [
  ...account("csi-provisioner", "alicloud-csi-provisioner"),
  deployment("csi-provisioner", scope.plan, {
    critical: true,
    replicas: 2,
    serviceAccountName: "csi-provisioner",
    image: image(scope, "csi-plugin", scope.addon.version),
    args: ["--endpoint=$(CSI_ENDPOINT)", "--v=2", "--driver=nas,disk,oss"],
    env: { CSI_ENDPOINT: "unix://var/lib/kubelet/csi-provisioner/driverplugin.csi.alibabacloud.com-replace/csi.sock" },
  }),
];

/** Either may be there alone: each has an account of its own. */
const account = (name: string, role: string): KubernetesObject[] =>
  serviceAccount(name, role, [
    ["core", "secrets nodes namespaces", "get list watch"],
    ["core", "persistentvolumes persistentvolumeclaims", "get list watch create update patch delete"],
    ["core", "events", "get list watch create update patch"],
    ["storage.k8s.io", "storageclasses csinodes volumeattachments", "get list watch update patch"],
    ["coordination.k8s.io", "leases", "get list watch create update delete"],
  ]);
