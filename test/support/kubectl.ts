import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { installedDistribution } from "./distribution.ts";
import { type AckClient, sdk } from "./sdk.ts";

/** Milliseconds between two looks by `kubectl`, which is a program to start each time. */
export const kubectlPause = 500;

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
  return kubectlWith(body?.config ?? "", join(folder, `kubeconfig-${clusterId}`));
}

/** Makes a `kubectl` that uses a kubeconfig. @param file that it is written to; its folder gets `kubectl`'s own files */
export async function kubectlWith(kubeconfig: string, file: string): Promise<Kubectl> {
  await writeFile(file, kubeconfig, { mode: 0o600 });
  const { executables } = await installedDistribution();
  // Its cache of the API's description goes to HOME.
  const options = { env: { KUBECONFIG: file, HOME: dirname(file) }, extendEnv: false };
  const run: Kubectl["run"] = async (args, input) =>
    (await execa(executables.kubectl, args, { ...options, input: input ?? "" })).stdout;
  return { run, json: async (args) => JSON.parse(await run([...args, "-o", "json"])) };
}

/** The data of a ConfigMap in `kube-system`. */
export const configMapOf = async (kubectl: Kubectl, name: string): Promise<Record<string, string>> =>
  (await kubectl.json<{ data: Record<string, string> }>(["-n", "kube-system", "get", "configmap", name])).data;

/** Names of the objects of some kinds in all namespaces, as `DaemonSet/kube-proxy`. */
export async function objectNames(kubectl: Kubectl, kinds: string): Promise<string[]> {
  const { items } = await kubectl.json<NamedObjects>(["get", kinds, "-A"]);
  return items.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

interface NamedObjects {
  items: { kind: string; metadata: { name: string } }[];
}
