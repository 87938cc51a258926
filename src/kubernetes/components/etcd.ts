import { memberPorts } from "../control-plane.ts";
import { memberPaths } from "../member-paths.ts";
import { type ComponentBuilder, componentEnvironment, type FlagRow, renderFlags } from "./command.ts";

/** etcd of one member. `version` is etcd's own, e.g. `3.4.23`. */
export const etcd: ComponentBuilder = (version, controlPlane, member) => {
  const paths = memberPaths(member.directory);
  const clientUrl = `https://${member.address}:${memberPorts.etcdClient}`;
  const peerUrl = `https://${member.address}:${memberPorts.etcdPeer}`;
  const alone = controlPlane.members.length === 1;
  const flags: FlagRow[] = [
    ["name", member.name],
    ["data-dir", paths.etcdData],
    ["listen-client-urls", clientUrl],
    ["advertise-client-urls", clientUrl],
    ["listen-peer-urls", peerUrl],
    ["initial-advertise-peer-urls", peerUrl],
    [
      "initial-cluster",
      controlPlane.members.map(({ name, address }) => `${name}=https://${address}:${memberPorts.etcdPeer}`),
    ],
    ["initial-cluster-token", controlPlane.id],
    ["initial-cluster-state", "new"],
    // Over HTTPS it is for those whose certificate the etcd CA signed, as everything else: any local user could read it.
    ["listen-metrics-urls", `https://${member.address}:${memberPorts.etcdMetrics}`],
    ["cert-file", paths.etcdServerCert],
    ["key-file", paths.etcdServerKey],
    ["trusted-ca-file", paths.etcdCa],
    ["client-cert-auth", true],
    ["peer-cert-file", paths.etcdPeerCert],
    ["peer-key-file", paths.etcdPeerKey],
    ["peer-trusted-ca-file", paths.etcdCa],
    ["peer-client-cert-auth", true],
    // A lone member elects itself after a random part of the timeout: the defaults cost half a second at every start.
    ["heartbeat-interval", alone ? 50 : undefined],
    ["election-timeout", alone ? 250 : undefined],
    // Up to this many raft entries stay in memory; the default before 3.6 is ten times as many.
    ["snapshot-count", 10_000],
    // Default since 3.5. A member that comes back does not unseat a healthy leader.
    ["pre-vote", true, { before: "3.5" }],
    // 3.5 and 3.6 can come back from a crash with a member that differs from the others: better not to start then.
    ["experimental-initial-corrupt-check", alone ? undefined : true, { since: "3.5", before: "3.6" }],
    ["feature-gates", alone ? undefined : "InitialCorruptCheck=true", { since: "3.6" }],
    // The API server's watch caches learn from it that they are up to date.
    ["experimental-watch-progress-notify-interval", "5s", { since: "3.5", before: "3.6" }],
    ["watch-progress-notify-interval", "5s", { since: "3.6" }],
    ["logger", "zap", { before: "3.5" }],
    ["log-outputs", "stderr"],
  ];
  // etcd 3.4 runs on arm64 only where this says that it may; later ones, and other machines, ignore it.
  const env = { ...componentEnvironment(controlPlane), ETCD_UNSUPPORTED_ARCH: "arm64" };
  return { executable: "etcd", args: renderFlags(version, flags), env };
};
