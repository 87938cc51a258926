import type { ControlPlane, ControlPlaneMember } from "../../control-plane.ts";

/** What differs from the example, group by group. */
export interface PlaneChanges {
  network?: Partial<ControlPlane["network"]>;
  apiServer?: Partial<ControlPlane["apiServer"]>;
  secretEncryption?: ControlPlane["secretEncryption"];
}

/** A control plane with at least one member. */
export type ExamplePlane = ControlPlane & { members: readonly [ControlPlaneMember, ...ControlPlaneMember[]] };

/** The control plane of a cluster, as it is described to its components. For tests. */
export function examplePlane(
  members: number,
  { network, apiServer, secretEncryption }: PlaneChanges = {},
): ExamplePlane {
  const memberOf = (index: number): ControlPlaneMember => ({
    name: `member-${index + 1}`,
    address: `127.64.1.${11 + index}`,
    apiServerAddress: members === 1 ? "127.64.1.3" : `127.64.1.${11 + index}`,
    vpcAddress: `192.168.0.${11 + index}`,
    directory: `/clusters/c0ffee/member-${index + 1}`,
  });
  return {
    id: "c0ffee",
    endpointAddress: "127.64.1.3",
    publicAddress: "127.64.1.1",
    members: [memberOf(0), ...Array.from({ length: members - 1 }, (_, index) => memberOf(index + 1))],
    network: {
      podCidr: "172.20.0.0/16",
      nodeCidrMask: 25,
      serviceCidr: "172.21.0.0/20",
      clusterDomain: "cluster.local",
      ...network,
    },
    apiServer: {
      extraSans: ["cs.aliyuncs.com"],
      serviceAccountIssuer: "https://kubernetes.default.svc",
      apiAudiences: ["https://kubernetes.default.svc", "sts.aliyuncs.com"],
      ...apiServer,
    },
    secretEncryption,
    timezone: "Asia/Shanghai",
  };
}
