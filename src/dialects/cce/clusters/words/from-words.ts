import { cceAddons } from "../../../../core/clouds/huawei/add-ons.ts";
import type { ClusterSpec, WorkerKind } from "../../../../core/clusters/cluster.ts";
import type { WantedSpec } from "../../../../core/clusters/new-cluster.ts";
import { parseVendorVersion } from "../../../../core/versions/version.ts";
import { findFlavor } from "../../catalogue/flavors.ts";
import { readCertificates } from "../create/pem.ts";
import {
  type CceWords,
  clusterTypes,
  defaultEncryptionKey,
  defaults,
  type NetworkMode,
  usualNodeMask,
} from "./words.ts";

/** What is wanted of a cluster in the core's words. */
export interface WantedCluster {
  name: string;
  spec: WantedSpec;
}

/** What CCE's words mean, defaults applied. @param words of a request that has passed its check, or of an answer */
export function fromWords({ metadata, spec }: CceWords): WantedCluster {
  const flavor = findFlavor(spec.flavor);
  if (!flavor) throw new TypeError(`The flavor ${spec.flavor} has not been checked.`);
  return {
    name: metadata.name,
    spec: {
      alias: metadata.alias,
      description: spec.description ?? "",
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      kind: "managed",
      requestedVersion: spec.version,
      kubernetesVersion: spec.version && kubernetesVersion(spec.version),
      network: toNetwork(spec),
      members: flavor.members,
      memberZones: memberZones(spec),
      workerKind: workerKind(spec.type),
      nodeLimit: flavor.nodeLimit,
      apiServer: toApiServer(spec),
      secretEncryptionKeyId: encryptionKey(spec.encryptionConfig),
      addons: cceAddons(modeOf(spec)),
      cloud: {
        snat: false,
        loadBalancerSpec: "",
        publicSsh: false,
        monitoring: false,
        resourceGroupId: spec.extendParam?.enterpriseProjectId,
        eipId: spec.extendParam?.clusterExternalIP,
      },
      timezone: metadata.timezone,
      deletionProtection: spec.deletionProtection ?? false,
      tags: Object.fromEntries((spec.clusterTags ?? []).map(({ key, value = "" }) => [key, value])),
      creation: { timeoutMinutes: defaults.timeoutMinutes, rollback: false },
    },
  };
}

/** `v1.7.3-r13` → `1.7.3`. */
function kubernetesVersion(version: string): string | undefined {
  const parsed = parseVendorVersion("cce", version);
  return parsed && (parsed.patch === undefined ? parsed.minor : `${parsed.minor}.${parsed.patch}`);
}

const workerKind = (type: string | undefined): WorkerKind =>
  (Object.keys(clusterTypes) as WorkerKind[]).find((kind) => clusterTypes[kind] === type) ?? "virtual-machine";

const modeOf = ({ containerNetwork }: CceWords["spec"]): NetworkMode => containerNetwork.mode as NetworkMode;

function toNetwork(spec: CceWords["spec"]): WantedSpec["network"] {
  const { hostNetwork, containerNetwork } = spec;
  const [podCidr, ...morePodCidrs] = podCidrs(spec);
  return {
    vpcId: hostNetwork.vpc,
    vswitchIds: [hostNetwork.subnet],
    podVswitchIds: podSubnets(spec),
    highwayVswitchId: hostNetwork.highwaySubnet,
    plugin: modeOf(spec),
    podCidr: containerNetwork.mode === "eni" ? undefined : podCidr,
    morePodCidrs,
    nodeCidrMask: nodeMask(spec, podCidr),
    serviceCidr: spec.serviceNetwork?.IPv4CIDR ?? spec.kubernetesSvcIpRange,
    ipv6: spec.ipv6enable
      ? { ...defaults.ipv6, ...(spec.serviceNetwork?.IPv6CIDR && { serviceCidr: spec.serviceNetwork.IPv6CIDR }) }
      : undefined,
    proxyMode: spec.kubeProxyMode ?? spec.extendParam?.kubeProxyMode ?? defaults.kubeProxyMode,
    clusterDomain: defaults.clusterDomain,
    securityGroupId: hostNetwork.SecurityGroup,
    enterpriseSecurityGroup: false,
  };
}

/** `cidrs` takes precedence; its first entry is `cidr`. */
function podCidrs({ containerNetwork: { cidr, cidrs } }: CceWords["spec"]): string[] {
  return cidrs?.map((entry) => entry.cidr) ?? (cidr ? [cidr] : []);
}

/** The subnets of pods that are on the VPC. */
function podSubnets({ containerNetwork, eniNetwork }: CceWords["spec"]): string[] {
  if (containerNetwork.mode !== "eni") return [];
  const { subnets, eniSubnetId } = eniNetwork ?? {};
  return subnets ? [...new Set(subnets.map(({ subnetID }) => subnetID))] : eniSubnetId ? [eniSubnetId] : [];
}

function nodeMask({ extendParam }: CceWords["spec"], podCidr: string | undefined): number {
  const asked = extendParam?.["alpha.cce/fixPoolMask"];
  if (asked) return Number(asked);
  return usualNodeMask(podCidr);
}

/** The zones that are named, those that the service may choose, or the subnet's. */
function memberZones({ masters = [], extendParam }: CceWords["spec"]): WantedSpec["memberZones"] {
  const named = masters.flatMap(({ availabilityZone }) => availabilityZone ?? []);
  if (named.length > 0) return named;
  const zone = extendParam?.clusterAZ;
  if (zone === "multi_az") return "spread";
  return zone ? [zone] : "any";
}

function toApiServer(spec: CceWords["spec"]): WantedSpec["apiServer"] {
  const ca = spec.authentication?.mode === "authenticating_proxy" && spec.authentication.authenticatingProxy?.ca;
  return {
    extraSans: spec.customSan ?? [],
    serviceAccountIssuer: defaults.issuer,
    apiAudiences: [defaults.issuer],
    publicEndpoint: spec.extendParam?.clusterExternalIP !== undefined,
    rrsa: undefined,
    // The certificates alone: what else was in the text, other readers of PEM do not take.
    authenticatingProxyCa: (ca && readCertificates(ca)?.join("")) || undefined,
  };
}

function encryptionKey(config: CceWords["spec"]["encryptionConfig"]): ClusterSpec["secretEncryptionKeyId"] {
  return config?.mode === "Default" ? defaultEncryptionKey : config?.kmsKeyID;
}
