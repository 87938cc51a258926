import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { installedDistribution } from "./distribution.ts";
import { type AckClient, sdk } from "./sdk.ts";

/** `kubectl`, as the administrator of one cluster. */
export interface Kubectl {
  /** Runs it and gives its standard output. Rejects, with its error output, where it fails. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Runs it with `-o json`. */
  json<T>(args: readonly string[]): Promise<T>;
}

/** Fetches the kubeconfig of a cluster through the SDK and makes a `kubectl` that uses it. @param folder for its files */
export async function kubectlFor(client: AckClient, clusterId: string, folder: string): Promise<Kubectl> {
  const { body } = await client.describeClusterUserKubeconfig(
    clusterId,
    new sdk.DescribeClusterUserKubeconfigRequest({}),
  );
  const kubeconfig = join(folder, `kubeconfig-${clusterId}`);
  await writeFile(kubeconfig, body?.config ?? "", { mode: 0o600 });
  const { executables } = await installedDistribution();
  // Its cache of the API's description goes to HOME.
  const options = { env: { KUBECONFIG: kubeconfig, HOME: folder }, extendEnv: false };
  const run: Kubectl["run"] = async (args, input) =>
    (await execa(executables.kubectl, args, { ...options, input: input ?? "" })).stdout;
  return { run, json: async (args) => JSON.parse(await run([...args, "-o", "json"])) };
}
