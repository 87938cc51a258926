/** A test that observes the effects of CCE's parameters on a real cluster, or in the answers. */
export interface CceEffectTest {
  /** Its file in this folder, without `.test.ts`. */
  file: string;
  /** What stands in `describe` and in `test`. */
  title: readonly [group: string, test: string];
  /** Paths of the parameters that it observes. */
  proves: readonly string[];
}

type Row = readonly [group: string, test: string, ...paths: string[]];

const inFile = (file: string, rows: readonly Row[]): CceEffectTest[] =>
  rows.map(([group, test, ...paths]) => ({ file, title: [group, test], proves: paths }));

const envelope = ["kind", "apiVersion", "metadata", "spec"];
const proxy = "spec.authentication.authenticatingProxy";

/**
 * Which test observes which parameter of CCE's CreateCluster: every documented one, and the newer ones that do something.
 * What is the most special about a parameter stands last.
 */
export const cceEffectTests: readonly CceEffectTest[] = [
  ...inFile("cce-bad-input", [
    ["a body that is no JSON object", "another content type is refused", "Content-Type"],
    ["a body that is no JSON object", "the documents' content types are taken", "Content-Type"],
    ["tokens", "of the project, and of a token, are accepted in both headers", "X-Auth-Token"],
    ["tokens", "that have expired are refused", "X-Auth-Token"],
    ["two clusters that ask for the same range in one VPC", "have different ones", "spec.containerNetwork.cidr"],
  ]),
  ...inFile("cce-fleet", [
    ["projects", "have their own clusters in their lists", "project_id"],
    ["projects", "are closed to the token of another one, whether they exist or not", "project_id"],
    [
      "a cluster made through CCE",
      "has another Pod range than it asked for, because ACK's cluster has that one, and its nodes have shares of it",
      "spec.containerNetwork.cidr",
    ],
  ]),
  ...inFile("cce-cluster", [
    [
      "CreateCluster with a documented sample",
      "answers 201 with the object as it was sent, through the SDK",
      ...[...envelope, "spec.description", "spec.billingMode", "spec.extendParam"],
    ],
    [
      "CreateCluster with a documented sample",
      "answers with the object as it was sent by plain HTTP with a token",
      ...[...envelope, "spec.hostNetwork", "spec.containerNetwork"],
    ],
    [
      "an available cluster",
      "is shown with its endpoint, and with the version that it runs in place of the one that is not to be had",
      "spec.version",
    ],
    ["an available cluster", "is in the list, and filters find it or leave it out", "metadata.name", "spec.type"],
    [
      "the cluster itself",
      "has the container network that was asked for, and no other one",
      ...["spec.containerNetwork", "spec.containerNetwork.mode", "spec.containerNetwork.cidr"],
      "spec.hostNetwork.highwaySubnet",
    ],
    [
      "the cluster itself",
      "says what it is, with the labels and annotations that it was given",
      ...["metadata", "metadata.name", "metadata.labels", "metadata.annotations"],
      ...["spec.type", "spec.flavor", "spec.description", "spec.hostNetwork.vpc"],
    ],
    [
      "the cluster itself",
      "has its control plane in the subnet, and its Services in the usual range",
      ...["spec.hostNetwork", "spec.hostNetwork.subnet"],
    ],
  ]),
  ...inFile("cce-effects", [
    [
      "the answers",
      "show the first cluster as it was asked for",
      ...["metadata.alias", "spec.category", "spec.billingMode", "spec.supportIstio", "spec.extendParam"],
      ...["spec.clusterTags", "spec.clusterTags[].key", "spec.clusterTags[].value"],
      "spec.extendParam.enterpriseProjectId",
    ],
    [
      "the answers",
      "show the other one in the right spelling, with what follows from what it was asked for with",
      ...["apiVersion", "spec.category", "spec.hostNetwork", "spec.kubernetesSvcIpRange"],
    ],
    [
      "the object in the cluster",
      "has the labels and annotations, and as an annotation what Kubernetes refuses as a label",
      ...["metadata.labels", "metadata.annotations"],
    ],
    ["the object in the cluster", "says what the cluster was made from", "metadata.name", "spec.version"],
    ["the control plane", "has the time zone in all of its processes", "metadata.timezone"],
    [
      "the control plane",
      "has a public endpoint beside the inner one, where there is a public address",
      "spec.extendParam.clusterExternalIP",
    ],
    [
      "the flavor",
      "cce.s2 has three members, each with an etcd and an API server; cce.t1 has one",
      ...["spec.flavor", "spec.type"],
    ],
    ["the flavor", "cce.t1 is Unavailable while its only API server does not answer", "spec.flavor"],
    ["the flavor", "cce.s2 goes on without one of its members, which comes back by itself", "spec.flavor"],
    [
      "zones",
      "are different ones for the members with multi_az, and the ones that were named otherwise",
      ...["spec.extendParam.clusterAZ", "spec.masters", "spec.masters[].availabilityZone"],
    ],
    ["a proxy that says who asks", "has its authority in the cluster's own configuration", `${proxy}.ca`],
    ["a proxy that says who asks", "is refused by a cluster of mode x509", "spec.authentication.mode"],
    [
      "a proxy that says who asks",
      "is refused with a certificate of another authority, and where it says nothing",
      `${proxy}.ca`,
    ],
    [
      "a proxy that says who asks",
      "is believed with a certificate of the given authority, and its users have their own rights",
      ...["spec.authentication", "spec.authentication.mode", proxy, `${proxy}.ca`],
    ],
    [
      "the proxy's own key",
      "is needed by nobody, as an event says, and shown to nobody",
      ...[`${proxy}.cert`, `${proxy}.privateKey`],
    ],
    ["networks", "give a node no share where pods are on network interfaces", "spec.containerNetwork.mode"],
    [
      "networks",
      "give a node a share of the Pod range, as long as was asked for",
      ...["spec.containerNetwork.cidr", "spec.extendParam.alpha.cce/fixPoolMask"],
    ],
    [
      "networks",
      "have the objects of their mode, with what they were asked for",
      ...["spec.containerNetwork", "spec.containerNetwork.mode", "spec.hostNetwork.vpc", "spec.hostNetwork.subnet"],
      ...["spec.hostNetwork.highwaySubnet", "spec.hostNetwork.SecurityGroup"],
      ...["spec.containerNetwork.cidrs", "spec.containerNetwork.cidrs[].cidr"],
      ...["spec.eniNetwork", "spec.eniNetwork.subnets", "spec.eniNetwork.subnets[].subnetID"],
    ],
    [
      "networks",
      "have the Services' range, of both families where that was asked for",
      ...["spec.serviceNetwork", "spec.serviceNetwork.IPv4CIDR", "spec.kubernetesSvcIpRange", "spec.ipv6enable"],
    ],
    ["networks", "have kube-proxy in its mode", "spec.kubeProxyMode"],
    [
      "Secrets",
      "are encrypted in etcd with the key of the user, and readable there where none was asked for",
      ...["spec.encryptionConfig", "spec.encryptionConfig.mode", "spec.encryptionConfig.kmsKeyID"],
    ],
    [
      "the end of the update",
      "is when every API server shows a certificate with the new names beside the old ones",
      ...["metadata.alias", "spec.description", "spec.customSan"],
    ],
    ["deletion protection", "refuses the deletion until it is switched off", "spec.deletionProtection"],
  ]),
];

/** The tests that observe the effect of a parameter. @param path as in the documents */
export const cceTestsOf = (path: string): readonly CceEffectTest[] =>
  cceEffectTests.filter(({ proves }) => proves.includes(path));
