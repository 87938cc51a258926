import type { BodyRemark } from "../../../common/checked-body.ts";
import { placedValues } from "../../../common/parameters/given.ts";
import type { Given, Parameter } from "../../../common/parameters/parameter.ts";
import { remarkOnVersion } from "../../../common/parameters/unlisted.ts";
import { type Flavor, findFlavor } from "../../catalogue/flavors.ts";
import { podRanges, shareMask } from "./rules/network-rules.ts";
import { effects } from "./table/common.ts";
import { createClusterParameters, type GivenSpec } from "./table/table.ts";

type Remark = BodyRemark<typeof createClusterParameters>;
type GivenBody = Given<typeof createClusterParameters>;

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

const addons: Remark = ({ given }) =>
  addonAnnotations
    .filter((key) => given.metadata?.annotations?.[key])
    .map((key) => `The annotation ${key} is kept and shown, and installs no add-ons.`);

/** Fields that do less than one may think. */
const effectless: Remark = ({ given }) => [
  ...listed("These fields are the service's to say and are not taken", withEffect(given, effects.answered)),
  ...listed("These fields are kept and shown, and what they ask for is not done", withEffect(given, effects.notDone)),
];

/** A remark on what is said in `spec`. */
type SpecRemark = (spec: GivenSpec) => ReturnType<Remark>;

const version: SpecRemark = ({ version: asked }) => [remarkOnVersion("cce", asked)];

const flavor: SpecRemark = (spec) => {
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

const network: SpecRemark = ({
  type,
  category,
  hostNetwork,
  containerNetwork,
  eniNetwork,
  serviceNetwork,
  ipv6enable,
}) => {
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

const authentication: SpecRemark = ({ authentication: { mode, authenticatingProxy: proxy } = {} }) => [
  proxy &&
    mode !== "authenticating_proxy" &&
    "spec.authentication.authenticatingProxy has no effect without the mode authenticating_proxy.",
  proxy?.cert &&
    mode === "authenticating_proxy" &&
    "The API server needs no certificate and key of the proxy: spec.authentication.authenticatingProxy.ca alone has an effect.",
];

const settings: SpecRemark = ({ encryptionConfig, extendParam, masters }) => [
  encryptionConfig?.kmsKeyID &&
    encryptionConfig.mode === "Default" &&
    "spec.encryptionConfig.kmsKeyID has no effect with the mode Default.",
  extendParam?.clusterAZ &&
    masters?.some(({ availabilityZone }) => availabilityZone) &&
    "spec.extendParam.clusterAZ has no effect beside the zones in spec.masters.",
];

const onSpec: readonly SpecRemark[] = [version, flavor, network, authentication, settings];

/** What the user should know of a body: fields that do less than one may think, and settings that do not fit each other. */
export const remarks: readonly Remark[] = [
  effectless,
  addons,
  ({ given }) => onSpec.flatMap((remark) => remark(given.spec ?? {})),
];
