/**
 * The yardstick: a plain script that boots the same executables with the same arguments, as one would without Sampan.
 * Certificates are made before the clock starts, nodes are registered while the managers start, and nothing is recorded
 * or looked after.
 */

import { spawn } from "node:child_process";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Kubectl, kubectlOf } from "../examples/demo/kubectl.ts";
import { killTree } from "../examples/demo/process-tree.ts";
import type { ComponentName } from "../src/kubernetes/components/command.ts";
import { componentBuilders } from "../src/kubernetes/components/index.ts";
import { apiServerUrl, type ControlPlane, type ControlPlaneMember } from "../src/kubernetes/control-plane.ts";
import type { Distribution } from "../src/kubernetes/distribution/distribution.ts";
import { buildKubeconfig } from "../src/kubernetes/kubeconfig.ts";
import { createClusterSecrets } from "../src/kubernetes/pki/cluster-secrets.ts";
import { type HealthAccess, issueHealthAccess } from "../src/kubernetes/pki/health-access.ts";
import { adminGroup, issueApiAccess, pkiFiles } from "../src/kubernetes/pki/member-files.ts";
import { checkHealth } from "../src/substrates/local/control-plane/health.ts";
import { intranetAddress, memberAddress } from "../src/substrates/local/network/loopback.ts";
import { createNetworks } from "../src/substrates/local/network/networks.ts";
import { defaultTiming } from "../src/substrates/local/timing.ts";
import { leaseManifest, nodeManifest } from "./nodes.ts";
import { memberCount, nodeCount, type Sample } from "./sample.ts";
import { retry, untilNodesReady } from "./waiting.ts";

/** Where one plain cluster is, and what it is made of. */
interface PlainCluster {
  folder: string;
  controlPlane: ControlPlane;
  /** How many nodes it is to have. */
  nodes: number;
  access: HealthAccess;
  kubectl: Kubectl;
  /** Process ids of what has been started. */
  started: number[];
}

/** Whatever a plain cluster needs from outside. */
export interface PlainOptions {
  sample: Sample;
  /** Empty folder for everything; it stays. */
  folder: string;
  distribution: Distribution;
  /** Folder of the claims on loopback networks. */
  claimsFolder: string;
}

/** How a plain cluster went. */
export interface PlainResult {
  seconds: number;
  /** Command line of each component. */
  commands: string[][];
}

/**
 * Boots a cluster until its nodes are Ready and its managers are healthy, and ends it.
 * @throws {Error} where a component does not start; the signal's reason.
 */
export async function timePlainCluster(options: PlainOptions, signal: AbortSignal): Promise<PlainResult> {
  const networks = createNetworks({ claimsFolder: options.claimsFolder, timing: defaultTiming });
  const owner = { cluster: "plain", folder: options.folder };
  const network = await networks.claim(owner);
  const cluster = await prepare(options, network);
  try {
    const start = performance.now();
    const commands = await boot(cluster, options.distribution, signal);
    return { seconds: (performance.now() - start) / 1000, commands };
  } finally {
    await killTree(cluster.started, options.folder);
    await rm(options.folder, { recursive: true, force: true });
    await networks.release(owner);
  }
}

/** Everything that a plain script finds ready: certificates, kubeconfigs, manifests. */
async function prepare({ sample, folder, distribution }: PlainOptions, network: string): Promise<PlainCluster> {
  const controlPlane = describe(sample, folder, network);
  const secrets = await createClusterSecrets();
  const files = await Promise.all(controlPlane.members.map((member) => pkiFiles(secrets, controlPlane, member)));
  for (const { path, content, mode } of files.flat()) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode });
  }
  const server = apiServerUrl(controlPlane.members[0] as ControlPlaneMember);
  const admin = await issueApiAccess(secrets, server, {
    commonName: "admin",
    organizations: [adminGroup],
  });
  const kubeconfig = join(folder, "admin.conf");
  await writeFile(kubeconfig, buildKubeconfig(admin, { cluster: "plain", user: "admin" }), { mode: 0o600 });
  return {
    folder,
    controlPlane,
    nodes: nodeCount(sample),
    access: await issueHealthAccess(secrets),
    kubectl: await kubectlOf(distribution.version, { kubeconfig, home: folder }),
    started: [],
  };
}

/** The control plane that Sampan makes of the sample. */
function describe(sample: Sample, folder: string, network: string): ControlPlane {
  const count = memberCount(sample);
  const members = Array.from({ length: count }, (_, index): ControlPlaneMember => {
    const address = memberAddress(network, index);
    return {
      name: `member-${index + 1}`,
      address,
      apiServerAddress: count === 1 ? intranetAddress(network) : address,
      vpcAddress: `192.168.0.${11 + index}`,
      directory: join(folder, `member-${index + 1}`),
    };
  });
  const { encryption_provider_key: keyName, enable_rrsa: rrsa } = sample;
  return {
    id: "plain",
    endpointAddress: intranetAddress(network),
    members,
    network: {
      podCidr: sample.container_cidr,
      nodeCidrMask: Number(sample.node_cidr_mask),
      serviceCidr: sample.service_cidr,
      clusterDomain: sample.cluster_domain,
    },
    apiServer: {
      extraSans: [sample.custom_san],
      serviceAccountIssuer: sample.service_account_issuer,
      apiAudiences: [sample.api_audiences, ...(rrsa ? ["sts.aliyuncs.com"] : [])],
      auditLog: sample.addons.some(({ name }) => name === "logtail-ds"),
    },
    secretEncryption: keyName === undefined ? undefined : { keyName },
    timezone: sample.timezone,
  };
}

/** All members at the same time, one kind of component after the other. */
async function boot(cluster: PlainCluster, distribution: Distribution, signal: AbortSignal): Promise<string[][]> {
  const { controlPlane, access, kubectl, nodes } = cluster;
  const onEach = <T>(work: (member: ControlPlaneMember) => Promise<T>) => Promise.all(controlPlane.members.map(work));
  const commands: string[][] = [];
  const start = (name: ComponentName) =>
    onEach(async (member) => commands.push(await startComponent(cluster, distribution, member, name)));
  const ready = (name: ComponentName) =>
    onEach((member) => retry((attempt) => checkHealth(name, member, "ready", access, attempt), signal));

  await start("etcd");
  await ready("etcd");
  await start("kube-apiserver");
  await ready("kube-apiserver");
  await start("kube-controller-manager");
  await start("kube-scheduler");
  await Promise.all([ready("kube-controller-manager"), ready("kube-scheduler"), registerNodes(cluster, signal)]);
  await untilNodesReady(kubectl, nodes, signal);
  return commands;
}

async function startComponent(
  { folder, controlPlane, started }: PlainCluster,
  { executables, version, etcdVersion }: Distribution,
  member: ControlPlaneMember,
  name: ComponentName,
): Promise<string[]> {
  const { args, env } = componentBuilders[name](name === "etcd" ? etcdVersion : version, controlPlane, member);
  await using log = await open(join(member.directory, `${name}.log`), "a", 0o600);
  const child = spawn(executables[name], args, {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
    stdio: ["ignore", log.fd, log.fd],
    detached: true,
  });
  child.on("error", () => undefined);
  if (child.pid === undefined) throw new Error(`${executables[name]} could not be started.`);
  started.push(child.pid);
  return [name, ...args];
}

async function registerNodes({ folder, kubectl, nodes: count }: PlainCluster, signal: AbortSignal): Promise<void> {
  const nodes = join(folder, "nodes.json");
  await writeFile(nodes, JSON.stringify(nodeManifest(count)));
  await kubectl.run(["create", "--filename", nodes], signal);
  const leases = join(folder, "leases.json");
  await writeFile(leases, JSON.stringify(leaseManifest(count)));
  // Their namespace is made by the API server a moment after it is ready.
  await retry(() => kubectl.run(["apply", "--filename", leases], signal), signal);
}
