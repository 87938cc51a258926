import { imagesOf, type SystemImage } from "../../../core/clouds/alibaba/images.ts";
import { releases } from "../../../core/clouds/alibaba/releases.ts";
import { upgradesOf } from "../../../core/versions/catalogue.ts";
import type { KubernetesRelease } from "../../../core/versions/release.ts";
import { parseVendorVersion } from "../../../core/versions/version.ts";

/** What an entry of the version list needs beyond the version and its release. */
export interface VersionFacts {
  /** Restricts runtimes and images to those of that runtime. */
  runtime: string | undefined;
  withUpgrades: boolean;
  /** Kubernetes version that a cluster of it would run here; undefined where that is not known. */
  running: string | undefined;
}

/**
 * A version of Kubernetes as the vendor writes it: as it was asked for, or as the catalogue has it, or else as its first build.
 * @param kubernetes e.g. `1.20.4`, which is `1.20.4-aliyun.1`
 * @param requested undefined where none was asked for
 */
export function toAckVersionName(kubernetes: string, requested: string | undefined): string {
  const known = [...(requested ? [requested] : []), ...releases.flatMap(({ versions }) => versions).toReversed()];
  const found = known.find((version) => parseVendorVersion("ack", version)?.kubernetes === kubernetes);
  return found ?? `${kubernetes}-aliyun.1`;
}

/** A version as DescribeKubernetesVersionMetadata shows it. */
export function toAckVersion(version: string, release: KubernetesRelease, facts: VersionFacts) {
  return {
    version,
    capabilities: {
      AnyAZ: true,
      NetworkPlugins: ["flannel", "terway-eniip"],
      ProxyModes: ["iptables", "ipvs"],
    },
    images: imagesOf(release, facts.runtime).map(toAckImage),
    runtimes: release.runtimes.filter(({ name }) => !facts.runtime || name === facts.runtime),
    meta_data: {
      KubernetesVersion: version,
      SubClass: "default",
      ...(facts.running && { RunningKubernetesVersion: facts.running }),
    },
    release_date: startOfDay(release.released),
    expiration_date: startOfDay(release.expires),
    // Every version of the catalogue can be asked for, whatever the vendor still supports.
    creatable: true,
    upgradable_versions: facts.withUpgrades ? upgradesOf("ack", version) : [],
  };
}

const startOfDay = (date: string | undefined): string | null => (date ? `${date}T00:00:00Z` : null);

const toAckImage = (image: SystemImage) => ({
  image_id: image.id,
  image_name: image.name,
  platform: image.platform,
  os_version: image.osVersion,
  image_type: image.type,
  os_type: image.os,
  image_category: "system",
  architecture: image.architecture,
});
