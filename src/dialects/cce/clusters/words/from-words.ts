import { cceAddons } from "../../../../core/clouds/huawei/add-ons.ts";
import type { ClusterSpec, WorkerKind } from "../../../../core/clusters/cluster.ts";
import type { WantedSpec } from "../../../../core/clusters/new-cluster.ts";
import { parseVendorVersion } from "../../../../core/versions/version.ts";
import { withDefaults } from "../../../common/parameters/defaults.ts";
import type { Given, MemberValues } from "../../../common/parameters/parameter.ts";
import { toOneSpelling } from "../../../common/parameters/spellings.ts";
import { findFlavor } from "../../catalogue/flavors.ts";
import { readCertificates } from "../create/pem.ts";
import { spellings } from "../create/spellings.ts";
import { createClusterParameters } from "../create/table/table.ts";
import { type CceWords, clusterTypes, defaultEncryptionKey, defaults, usualNodeMask } from "./words.ts";

/** What is wanted of a cluster in the core's words. */
export interface WantedCluster {
  name: string;
  spec: WantedSpec;
}

/** CCE's words of what is wanted: everything in one place, with the table's defaults. */
type ReadWords = Pick<MemberValues<typeof createClusterParameters>, "metadata" | "spec">;
type ReadSpec = ReadWords["spec"];

/** What CCE's words mean. @param words of an answer, or of a body as it is sent */
export function fromWords(words: CceWords): WantedCluster {
  const { body } = toOneSpelling(words, spellings);
  return toWanted(withDefaults(createClusterParameters, body as Given<typeof createClusterParameters>) as ReadWords);
}

/** What CCE's words mean. @param words of a body that has passed its check */
export function toWanted({ metadata, spec }: ReadWords): WantedCluster {
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
      addons: cceAddons(spec.containerNetwork.mode),
      cloud: {
        snat: false,
        loadBalancerSpec: "",
        publicSsh: false,
        monitoring: false,
        resourceGroupId: spec.extendParam?.enterpriseProjectId,
        eipId: spec.extendParam?.clusterExternalIP,
      },
      timezone: metadata.timezone,
      deletionProtection: spec.deletionProtection,
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

const workerKind = (type: string): WorkerKind =>
  (Object.keys(clusterTypes) as WorkerKind[]).find((kind) => clusterTypes[kind] === type) ?? "virtual-machine";

function toNetwork(spec: ReadSpec): WantedSpec["network"] {
  const { hostNetwork, containerNetwork } = spec;
  const [podCidr, ...morePodCidrs] = containerNetwork.cidrs?.map(({ cidr }) => cidr) ?? [];
  return {
    vpcId: hostNetwork.vpc,
    vswitchIds: [hostNetwork.subnet],
    podVswitchIds: podSubnets(spec),
    highwayVswitchId: hostNetwork.highwaySubnet,
    plugin: spec.containerNetwork.mode,
    podCidr: containerNetwork.mode === "eni" ? undefined : podCidr,
    morePodCidrs,
    nodeCidrMask: nodeMask(spec, podCidr),
    serviceCidr: spec.serviceNetwork.IPv4CIDR,
    ipv6: spec.ipv6enable ? { podCidr: defaults.ipv6.podCidr, serviceCidr: spec.serviceNetwork.IPv6CIDR } : undefined,
    proxyMode: spec.kubeProxyMode,
    clusterDomain: defaults.clusterDomain,
    securityGroupId: hostNetwork.SecurityGroup,
    enterpriseSecurityGroup: false,
  };
}

/** The subnets of pods that are on the VPC. */
const podSubnets = ({ containerNetwork, eniNetwork: { subnets = [] } = {} }: ReadSpec): string[] =>
  containerNetwork.mode === "eni" ? [...new Set(subnets.map(({ subnetID }) => subnetID))] : [];

function nodeMask({ extendParam }: ReadSpec, podCidr: string | undefined): number {
  const asked = extendParam?.["alpha.cce/fixPoolMask"];
  if (asked) return Number(asked);
  return usualNodeMask(podCidr);
}

/** The zones that are named, those that the service may choose, or the subnet's. */
function memberZones({ masters = [], extendParam }: ReadSpec): WantedSpec["memberZones"] {
  const named = masters.flatMap(({ availabilityZone }) => availabilityZone ?? []);
  if (named.length > 0) return named;
  const zone = extendParam?.clusterAZ;
  if (zone === "multi_az") return "spread";
  return zone ? [zone] : "any";
}

function toApiServer(spec: ReadSpec): WantedSpec["apiServer"] {
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

function encryptionKey(config: ReadSpec["encryptionConfig"]): ClusterSpec["secretEncryptionKeyId"] {
  return config?.mode === "Default" ? defaultEncryptionKey : config?.kmsKeyID;
}
