import { join } from "node:path";
import type { ControlPlane } from "../control-plane.ts";

/**
 * A control plane of one member, for {@link startControlPlane}.
 *
 * @param network first three numbers of the loopback addresses, which no other test may use, e.g. `127.64.248`
 */
export function loneControlPlane(
  directory: string,
  network: string,
  more: { network?: Partial<ControlPlane["network"]>; apiServer?: Partial<ControlPlane["apiServer"]> } = {},
): ControlPlane {
  return {
    id: "lone",
    endpointAddress: `${network}.3`,
    members: [
      {
        name: "member-1",
        address: `${network}.11`,
        apiServerAddress: `${network}.3`,
        vpcAddress: "192.168.0.11",
        directory: join(directory, "member-1"),
      },
    ],
    network: {
      podCidr: "172.20.0.0/16",
      nodeCidrMask: 25,
      serviceCidr: "172.21.0.0/20",
      clusterDomain: "cluster.local",
      ...more.network,
    },
    apiServer: {
      extraSans: [],
      serviceAccountIssuer: "https://kubernetes.default.svc",
      apiAudiences: ["https://kubernetes.default.svc"],
      ...more.apiServer,
    },
    timezone: undefined,
  };
}
