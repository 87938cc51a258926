import type { Cluster, ClusterSpec } from "../../../../core/clusters/cluster.ts";
import { flavorOf } from "../../catalogue/flavors.ts";
import {
  type CceWords,
  clusterTypes,
  defaultEncryptionKey,
  type ExtendParam,
  type NetworkMode,
  usualNodeMask,
} from "./words.ts";

/** What of a cluster is shown in CCE's words. */
export type Described = Pick<Cluster, "name" | "dialect" | "spec" | "request">;

/** The modes that do for other vendors' plug-ins: what they do with the VPC. */
const modes: Readonly<Record<ClusterSpec["network"]["plugin"], NetworkMode>> = {
  flannel: "vpc-router",
  terway: "eni",
  overlay_l2: "overlay_l2",
  underlay_ipvlan: "underlay_ipvlan",
  "vpc-router": "vpc-router",
  eni: "eni",
};

/** A cluster in CCE's words. Members of the object that the cluster has nothing for are left out. */
export function toWords(cluster: Described): CceWords {
  const { name, spec } = cluster;
  const sent = sentSpec(cluster);
  return withoutUndefined({
    metadata: {
      name,
      alias: spec.alias,
      timezone: spec.timezone,
      labels: spec.labels,
      annotations: spec.annotations,
    },
    spec: {
      type: clusterTypes[spec.workerKind],
      flavor: sent.flavor ?? flavorOf(spec),
      version: sent.version ?? (spec.kubernetesVersion && `v${spec.kubernetesVersion}`),
      description: spec.description || undefined,
      hostNetwork: {
        vpc: spec.network.vpcId,
        subnet: spec.network.vswitchIds[0] ?? "",
        highwaySubnet: spec.network.highwayVswitchId,
        SecurityGroup: spec.network.securityGroupId,
      },
      ...networks(spec.network, sent),
      authentication: authentication(spec),
      customSan: spec.apiServer.extraSans.length > 0 ? spec.apiServer.extraSans : undefined,
      deletionProtection: spec.deletionProtection || undefined,
      clusterTags: tags(spec.tags),
      masters: spec.memberZones.map((availabilityZone) => ({ availabilityZone })),
      encryptionConfig: encryption(spec.secretEncryptionKeyId),
      extendParam: extendParam(spec),
    },
  });
}

/** The request's own spec, where the cluster was made through CCE. */
export function sentSpec({ dialect, request }: Pick<Cluster, "dialect" | "request">): Partial<CceWords["spec"]> {
  return dialect === "cce" ? ((request.spec ?? {}) as Partial<CceWords["spec"]>) : {};
}

function networks(
  network: ClusterSpec["network"],
  sent: Partial<CceWords["spec"]>,
): Partial<CceWords["spec"]> & {
  containerNetwork: CceWords["spec"]["containerNetwork"];
} {
  const { podCidr, morePodCidrs, podVswitchIds, serviceCidr, ipv6, proxyMode } = network;
  const all = [...(podCidr ? [podCidr] : []), ...morePodCidrs];
  const listed = sent.containerNetwork?.cidrs !== undefined || morePodCidrs.length > 0;
  return {
    containerNetwork: {
      mode: modes[network.plugin],
      cidr: podCidr,
      cidrs: listed ? all.map((cidr) => ({ cidr })) : undefined,
    },
    eniNetwork:
      podVswitchIds.length > 0
        ? { subnets: podVswitchIds.map((subnetID) => ({ subnetID })), eniSubnetId: podVswitchIds[0] }
        : undefined,
    serviceNetwork: { IPv4CIDR: serviceCidr, IPv6CIDR: ipv6?.serviceCidr },
    kubernetesSvcIpRange: serviceCidr,
    kubeProxyMode: proxyMode,
    ipv6enable: ipv6 ? true : undefined,
  } as ReturnType<typeof networks>;
}

function authentication({ apiServer }: ClusterSpec): CceWords["spec"]["authentication"] {
  const { authenticatingProxyCa: ca } = apiServer;
  if (!ca) return undefined;
  return { mode: "authenticating_proxy", authenticatingProxy: { ca: Buffer.from(ca).toString("base64") } };
}

function tags(all: Readonly<Record<string, string>>): CceWords["spec"]["clusterTags"] {
  const list = Object.entries(all).map(([key, value]) => ({ key, value }));
  return list.length > 0 ? list : undefined;
}

function encryption(key: string | undefined): CceWords["spec"]["encryptionConfig"] {
  if (!key) return undefined;
  return key === defaultEncryptionKey ? { mode: "Default" } : { mode: "KMS", kmsKeyID: key };
}

function extendParam({ network, apiServer, cloud }: ClusterSpec): ExtendParam {
  const usual = usualNodeMask(network.podCidr);
  return {
    enterpriseProjectId: cloud.resourceGroupId,
    clusterExternalIP: apiServer.publicEndpoint ? cloud.eipId : undefined,
    "alpha.cce/fixPoolMask": network.nodeCidrMask === usual ? undefined : String(network.nodeCidrMask),
  } as ExtendParam;
}

/** A copy without members that are undefined, at any depth: answers leave them out. */
export function withoutUndefined<T>(value: unknown): T {
  if (Array.isArray(value)) return value.map((item) => withoutUndefined(item)) as T;
  if (typeof value !== "object" || value === null) return value as T;
  const set = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(set.map(([name, member]) => [name, withoutUndefined(member)])) as T;
}
