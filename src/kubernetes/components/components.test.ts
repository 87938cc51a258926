import { describe, expect, it } from "vitest";
import type { ControlPlane, ControlPlaneMember } from "../control-plane.ts";
import type { ComponentName } from "./command.ts";
import { componentBuilders } from "./index.ts";
import { type ExamplePlane, examplePlane, type PlaneChanges } from "./testing/example-plane.ts";

const oldest = { kubernetes: "1.20.2", etcd: "3.4.23" };
const newest = { kubernetes: "1.37.2", etcd: "3.7.3" };
/** Each with an etcd of the line that its kubeadm names. */
const versions = [
  oldest,
  { kubernetes: "1.24.17", etcd: "3.5.24" },
  { kubernetes: "1.28.15", etcd: "3.5.24" },
  { kubernetes: "1.31.14", etcd: "3.5.24" },
  { kubernetes: "1.33.13", etcd: "3.5.24" },
  { kubernetes: "1.36.3", etcd: "3.6.8" },
  newest,
];

const controlPlane = (members: number, network: PlaneChanges["network"] = {}) => examplePlane(members, { network });

function argsOf(component: ComponentName, version: string, plane = controlPlane(1)): string[] {
  return componentBuilders[component](version, plane, plane.members[0] as ControlPlaneMember).args;
}

/** As a shell would be told, one flag a line. */
function commandLines(versions: typeof oldest, plane: ControlPlane, member: ControlPlaneMember): string {
  const commands = Object.entries(componentBuilders).map(([name, build]) => {
    const { executable, args, env } = build(name === "etcd" ? versions.etcd : versions.kubernetes, plane, member);
    const environment = Object.entries(env).map(([key, value]) => `${key}=${value} `);
    return `${environment.join("")}${executable} \\\n  ${args.join(" \\\n  ")}\n`;
  });
  return commands.join("\n");
}

describe("the command lines of a member", () => {
  const members = [1, 3];
  it.each(versions.flatMap((version) => members.map((count) => ({ versions: version, members: count }))))(
    "of $members with Kubernetes $versions.kubernetes are the golden ones",
    async ({ versions, members }) => {
      const plane = controlPlane(members);
      const lines = commandLines(versions, plane, plane.members.at(-1) as ControlPlaneMember);
      await expect(lines).toMatchFileSnapshot(`__golden__/${versions.kubernetes}-members-${members}.txt`);
    },
  );
});

describe("flags that depend on the version", () => {
  it.each<[ComponentName, flag: string, version: string, present: boolean]>([
    ["kube-controller-manager", "--port=0", "1.20.2", true],
    ["kube-controller-manager", "--port=0", "v1.23.17", true],
    ["kube-controller-manager", "--port=0", "1.24.0", false],
    ["kube-scheduler", "--port=0", "1.23.0", true],
    ["kube-scheduler", "--port=0", "1.37.0", false],
    ["etcd", "--pre-vote=true", "3.4.23", true],
    ["etcd", "--pre-vote=true", "3.5.0", false],
    ["etcd", "--experimental-watch-progress-notify-interval=5s", "3.4.23", false],
    ["etcd", "--experimental-watch-progress-notify-interval=5s", "3.5.26", true],
    ["etcd", "--experimental-watch-progress-notify-interval=5s", "3.6.0", false],
    ["etcd", "--watch-progress-notify-interval=5s", "3.5.26", false],
    ["etcd", "--watch-progress-notify-interval=5s", "3.7.0", true],
  ])("%s has %s in %s: %s", (component, flag, version, present) => {
    expect(argsOf(component, version).includes(flag)).toBe(present);
  });

  it("no etcd since 3.7 gets an experimental flag, which it would refuse", () => {
    const flags = argsOf("etcd", "3.7.0", controlPlane(3));
    expect(flags.filter((flag) => flag.startsWith("--experimental"))).toEqual([]);
  });

  it("a text that is no version is refused", () => {
    expect(() => argsOf("kube-scheduler", "newest")).toThrow('"newest" is not a Kubernetes version');
  });
});

describe("flags that depend on the cluster", () => {
  it("without a pod range, nodes get no share of one", () => {
    const args = argsOf("kube-controller-manager", "1.20.2", controlPlane(1, { podCidr: undefined }));
    expect(args).toContain("--allocate-node-cidrs=false");
    expect(args.filter((arg) => /^--(cluster-cidr|node-cidr-mask-size)=/.test(arg))).toEqual([]);
  });

  it("without audiences, the API server takes the issuer for one", () => {
    const plane = controlPlane(1);
    const args = argsOf("kube-apiserver", "1.20.2", { ...plane, apiServer: { ...plane.apiServer, apiAudiences: [] } });
    expect(args.filter((arg) => arg.startsWith("--api-audiences"))).toEqual([]);
  });

  const ipv6 = { podCidr: "fd00:10::/56", serviceCidr: "fc00::/112" };
  const dualStack = /^--(service-cluster-ip-range|cluster-cidr|node-cidr-mask-size.*|feature-gates)=/;

  it.each<[ComponentName, version: string, flags: string[]]>([
    [
      "kube-apiserver",
      "1.20.2",
      ["--service-cluster-ip-range=172.21.0.0/20,fc00::/112", "--feature-gates=IPv6DualStack=true"],
    ],
    ["kube-apiserver", "1.21.0", ["--service-cluster-ip-range=172.21.0.0/20,fc00::/112"]],
    [
      "kube-controller-manager",
      "1.20.2",
      [
        "--cluster-cidr=172.20.0.0/16,fd00:10::/56",
        "--node-cidr-mask-size-ipv4=25",
        "--node-cidr-mask-size-ipv6=64",
        "--service-cluster-ip-range=172.21.0.0/20,fc00::/112",
        "--feature-gates=IPv6DualStack=true",
      ],
    ],
    [
      "kube-controller-manager",
      "1.37.0",
      [
        "--cluster-cidr=172.20.0.0/16,fd00:10::/56",
        "--node-cidr-mask-size-ipv4=25",
        "--node-cidr-mask-size-ipv6=64",
        "--service-cluster-ip-range=172.21.0.0/20,fc00::/112",
      ],
    ],
  ])("%s %s has both address families of a cluster with two", (component, version, flags) => {
    expect(argsOf(component, version, controlPlane(1, { ipv6 })).filter((arg) => dualStack.test(arg))).toEqual(flags);
  });

  it("two address families of Services do without a range for pods", () => {
    const args = argsOf("kube-controller-manager", "1.20.2", controlPlane(1, { ipv6, podCidr: undefined }));
    expect(args.filter((arg) => dualStack.test(arg))).toEqual([
      "--service-cluster-ip-range=172.21.0.0/20,fc00::/112",
      "--feature-gates=IPv6DualStack=true",
    ]);
  });

  it("an authenticating proxy's CA is believed beside the aggregator's, whatever its certificates are called", () => {
    const plane = controlPlane(1);
    const trusting = { ...plane, apiServer: { ...plane.apiServer, authenticatingProxyCa: "PEM" } };
    const flags = (given: ExamplePlane) =>
      argsOf("kube-apiserver", "1.20.2", given).filter((arg) => /^--requestheader-(client-ca|allowed)/.test(arg));
    expect(flags(trusting)).toEqual([
      "--requestheader-client-ca-file=/clusters/c0ffee/member-1/pki/request-header-ca.crt",
    ]);
    expect(flags(plane)).toEqual([
      "--requestheader-client-ca-file=/clusters/c0ffee/member-1/pki/front-proxy-ca.crt",
      "--requestheader-allowed-names=front-proxy-client",
    ]);
  });

  const settings = /^--(audit|encryption)-/;

  it("the API server writes no audit log and encrypts nothing unless it is told to", () => {
    expect(argsOf("kube-apiserver", "1.20.2").filter((arg) => settings.test(arg))).toEqual([]);
  });

  it("the audit log is in the member's folder and does not grow without bound", () => {
    const plane = controlPlane(1);
    const audited = { ...plane, apiServer: { ...plane.apiServer, auditLog: true } };
    expect(argsOf("kube-apiserver", "1.20.2", audited).filter((arg) => settings.test(arg))).toEqual([
      "--audit-policy-file=/clusters/c0ffee/member-1/audit-policy.yaml",
      "--audit-log-path=/clusters/c0ffee/member-1/logs/audit.log",
      "--audit-log-maxsize=16",
      "--audit-log-maxbackup=2",
    ]);
  });

  it("the key that encrypts Secrets is in a file, not in the arguments", () => {
    const encrypting = { ...controlPlane(1), secretEncryption: { keyName: "my-key" } };
    expect(argsOf("kube-apiserver", "1.20.2", encrypting).filter((arg) => settings.test(arg))).toEqual([
      "--encryption-provider-config=/clusters/c0ffee/member-1/encryption-config.yaml",
    ]);
  });

  it("managers of several members elect a leader, a lone one does not", () => {
    for (const manager of ["kube-controller-manager", "kube-scheduler"] as const) {
      expect(argsOf(manager, "1.20.2", controlPlane(1))).toContain("--leader-elect=false");
      expect(argsOf(manager, "1.20.2", controlPlane(3))).toContain("--leader-elect=true");
    }
  });

  it("without a time zone, the environment is left alone", () => {
    const plane = { ...controlPlane(1), timezone: undefined };
    expect(componentBuilders["kube-scheduler"]("1.20.2", plane, plane.members[0] as ControlPlaneMember).env).toEqual(
      {},
    );
  });

  it("no component writes outside of the member's folder", () => {
    const pathFlags = Object.keys(componentBuilders).flatMap((name) =>
      argsOf(name as ComponentName, "1.20.2").filter((arg) => arg.includes("=/")),
    );
    expect(pathFlags.filter((arg) => !arg.includes("=/clusters/c0ffee/member-1/"))).toEqual([]);
    expect(pathFlags.length).toBeGreaterThan(20);
  });
});
