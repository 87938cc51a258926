import type { Config } from "../config.ts";
import type { DistributionOptions } from "../kubernetes/distribution/distribution.ts";

/** The settings that say where Kubernetes' executables come from and where they are kept. */
export function distributionOptions(config: Config): DistributionOptions {
  return {
    directory: config.distributionDirectory,
    path: config.distributionPath,
    autoInstall: config.autoInstall === "1",
    kubernetesReleaseUrl: config.kubernetesReleaseUrl,
    etcdReleaseUrl: config.etcdReleaseUrl,
  };
}
