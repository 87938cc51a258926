import { type AddonBuilder, type AddonScope, image } from "../addon.ts";
import { csiDriver, serviceAccount, storageClass } from "../objects.ts";
import { daemonSet, deployment } from "../workloads.ts";

const provisioner = "everest-csi-provisioner";
const drivers = {
  disk: "disk.csi.everest.io",
  files: "nas.csi.everest.io",
  turbo: "sfsturbo.csi.everest.io",
  objects: "obs.csi.everest.io",
} as const;

/** CCE's storage: the CSI drivers, their StorageClasses, none of them the default, and what serves them. */
export const everest: AddonBuilder = (scope) => [
  ...serviceAccount("everest-csi", "everest-csi", [
    ["core", "secrets nodes namespaces pods", "get list watch"],
    ["core", "persistentvolumes persistentvolumeclaims", "get list watch create update patch delete"],
    ["core", "events", "get list watch create update patch"],
    ["storage.k8s.io", "storageclasses csinodes volumeattachments", "get list watch update patch"],
    ["coordination.k8s.io", "leases", "get list watch create update delete"],
  ]),
  ...Object.values(drivers).map((name) => csiDriver(name, name === drivers.disk)),
  ...storageClasses(scope),
  daemonSet("everest-csi-driver", {
    serviceAccountName: "everest-csi",
    image: image(scope, "everest", scope.addon.version),
    args: ["--v=2"],
    requests: { cpu: "100m", memory: "300Mi" },
  }),
  deployment("everest-csi-controller", scope.plan, {
    critical: true,
    replicas: 2,
    serviceAccountName: "everest-csi",
    image: image(scope, "everest", scope.addon.version),
    args: ["--v=2"],
    requests: { cpu: "250m", memory: "600Mi" },
  }),
];

function storageClasses({ plan }: AddonScope) {
  const disk = {
    ...parameters(drivers.disk, "ext4"),
    "everest.io/disk-volume-type": "SAS",
    "everest.io/passthrough": "true",
  };
  const files = {
    ...parameters(drivers.files, "nfs"),
    "everest.io/share-access-level": "rw",
    "everest.io/share-access-to": plan.network.vpcId,
    "everest.io/share-is-public": "false",
  };
  const objects = { ...parameters(drivers.objects, "s3fs"), "everest.io/obs-volume-type": "STANDARD" };
  return [
    storageClass("csi-disk", provisioner, disk),
    storageClass("csi-disk-topology", provisioner, disk, "WaitForFirstConsumer"),
    storageClass("csi-nas", provisioner, files),
    storageClass("csi-sfsturbo", provisioner, parameters(drivers.turbo, "nfs")),
    storageClass("csi-obs", provisioner, objects),
  ];
}

const parameters = (driver: string, fileSystem: string): Record<string, string> => ({
  "csi.storage.k8s.io/csi-driver-name": driver,
  "csi.storage.k8s.io/fstype": fileSystem,
});
