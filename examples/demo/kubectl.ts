import { execa } from "execa";
import { readConfig } from "../../src/config.ts";
import { listDistributions } from "../../src/kubernetes/distribution/ensure.ts";
import { distributionOptions } from "../../src/service/distribution-options.ts";

/** Runs the kubectl of the distribution that a cluster runs. */
export interface Kubectl {
  /** Absolute path of the executable. */
  readonly path: string;
  /**
   * @returns its standard output.
   * @throws {Error} with what it said where it fails; the signal's reason.
   */
  run(args: readonly string[], signal: AbortSignal): Promise<string>;
}

/**
 * @param version Kubernetes version of the cluster, `x.y.z`.
 * @param home folder where kubectl keeps what it remembers of the cluster.
 * @throws {Error} where the version's distribution is not installed.
 */
export async function kubectlOf(
  version: string,
  { kubeconfig, home }: { kubeconfig: string; home: string },
): Promise<Kubectl> {
  const installed = await listDistributions(distributionOptions(readConfig(process.env)));
  const path = installed.find((distribution) => distribution.version === version)?.executables.kubectl;
  if (path === undefined) throw new Error(`The distribution of Kubernetes ${version} is not installed any more.`);
  return {
    path,
    async run(args, signal) {
      const { failed, stdout, stderr } = await execa(path, args, {
        env: { KUBECONFIG: kubeconfig, HOME: home },
        stdin: "ignore",
        cancelSignal: signal,
        reject: false,
      });
      signal.throwIfAborted();
      if (failed) throw new Error(`kubectl ${args.join(" ")} failed: ${stderr.trim()}`);
      return stdout;
    },
  };
}
