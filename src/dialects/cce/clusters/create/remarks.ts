import { givenParameters, placedValues, unknownFields } from "../../../common/parameters/given.ts";
import type { Parameter } from "../../../common/parameters/parameter.ts";
import { remarkOnVersion } from "../../../common/parameters/unlisted.ts";
import { type Flavor, findFlavor } from "../../catalogue/flavors.ts";
import { podRanges, shareMask } from "./rules/network-rules.ts";
import { effects } from "./table/common.ts";
import { createClusterParameters, type GivenBody, type GivenSpec } from "./table/table.ts";

/** What `spec` says that does less than one may think: nothing where there is nothing to say. */
type Remark = (spec: GivenSpec) => (string | false | undefined)[];

/**
 * What the user should know about how a checked body is taken, as sentences: fields that are not known or that do less
 * than one may think, and settings that do not fit each other.
 * @param body in the right spelling, see `normaliseBody`
 */
export function remarksOn(body: unknown): string[] {
  const given = givenParameters(createClusterParameters, body);
  return [
    ...listed("These fields are not known and have no effect", unknownFields(createClusterParameters, body)),
    ...listed("These fields are the service's to say and are not taken", withEffect(given, effects.answered)),
    ...listed("These fields are kept and shown, and what they ask for is not done", withEffect(given, effects.notDone)),
    ...addonRemarks(given),
    ...remarks.flatMap((remark) => remark(given.spec ?? {})).filter((said) => typeof said === "string"),
  ];
}

const listed = (says: string, places: readonly string[]): string[] =>
  places.length > 0 ? [`${says}: ${places.join(", ")}.`] : [];

/** Where a body sets parameters of an effect; what is set to false asks for nothing. */
function withEffect(given: GivenBody, effect: string): string[] {
  const found = placedValues(createClusterParameters, given)
    .filter(({ parameter, value }) => (parameter as Partial<Parameter>).effect === effect && value !== false)
    .map(({ path }) => path);
  // The object says it for its members.
  return found.filter((path) => !found.some((outer) => path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`)));
}

/** Annotations by which newer versions are asked for add-ons. */
const addonAnnotations = ["cluster.install.addons/install", "cluster.install.addons.external/install"];

const addonRemarks = ({ metadata }: GivenBody): string[] =>
  addonAnnotations
    .filter((key) => metadata?.annotations?.[key])
    .map((key) => `The annotation ${key} is kept and shown, and installs no add-ons.`);

const version: Remark = ({ version: asked }) => [remarkOnVersion("cce", asked)];

const flavor: Remark = (spec) => {
  const known = findFlavor(spec.flavor ?? "");
  if (!known) return [];
  const fits = known.fits === (spec.type === "BareMetal" ? "BareMetal" : "VirtualMachine");
  return [
    !fits &&
      `Flavor ${known.name} is meant for ${known.fits} clusters, and this one is of type ${spec.type ?? "VirtualMachine"}.`,
    ...roomForNodes(spec, known),
  ];
};

/** The first Pod range is the one that nodes have shares of. */
function roomForNodes(spec: GivenSpec, { name, nodeLimit }: Flavor): string[] {
  const [pods] = spec.containerNetwork?.mode === "eni" ? [] : podRanges(spec);
  if (!pods) return [];
  const mask = shareMask(spec, pods.range);
  const room = 2 ** (mask - pods.range.prefix);
  if (room >= nodeLimit) return [];
  return [
    `Flavor ${name} is for ${nodeLimit} nodes, and the Pod range ${pods.text} has room for ${room}, with a share of /${mask} each.`,
  ];
}

const network: Remark = ({ type, category, hostNetwork, containerNetwork, eniNetwork, serviceNetwork, ipv6enable }) => {
  const mode = containerNetwork?.mode;
  const further = containerNetwork?.cidrs?.slice(1).map(({ cidr }) => cidr) ?? [];
  return [
    hostNetwork?.highwaySubnet &&
      type !== "BareMetal" &&
      "spec.hostNetwork.highwaySubnet is for BareMetal clusters; it is kept and registered.",
    mode === "eni" && (containerNetwork?.cidr ?? containerNetwork?.cidrs) && "The Pod range has no effect with eni.",
    mode !== "eni" && eniNetwork && "spec.eniNetwork has no effect without the container network eni.",
    mode !== "eni" && category === "Turbo" && "spec.category Turbo has no effect without the container network eni.",
    further.length > 0 &&
      `Nodes have no share of the further Pod ranges ${further.join(", ")} yet; they are kept free for the cluster.`,
    serviceNetwork?.IPv6CIDR && !ipv6enable && "spec.serviceNetwork.IPv6CIDR has no effect without spec.ipv6enable.",
  ];
};

const authentication: Remark = ({ authentication: { mode, authenticatingProxy: proxy } = {} }) => [
  proxy &&
    mode !== "authenticating_proxy" &&
    "spec.authentication.authenticatingProxy has no effect without the mode authenticating_proxy.",
  proxy?.cert &&
    mode === "authenticating_proxy" &&
    "The API server needs no certificate and key of the proxy: spec.authentication.authenticatingProxy.ca alone has an effect.",
];

const settings: Remark = ({ encryptionConfig, extendParam, masters }) => [
  encryptionConfig?.kmsKeyID &&
    encryptionConfig.mode === "Default" &&
    "spec.encryptionConfig.kmsKeyID has no effect with the mode Default.",
  extendParam?.clusterAZ &&
    masters?.some(({ availabilityZone }) => availabilityZone) &&
    "spec.extendParam.clusterAZ has no effect beside the zones in spec.masters.",
];

const remarks: readonly Remark[] = [version, flavor, network, authentication, settings];
