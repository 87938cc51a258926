import type { KubernetesRelease } from "../../versions/release.ts";

/** What a release offers: Docker up to 1.22, containerd from 1.20 on, sandboxed containers from 1.16 to 1.24. */
const sandboxed = { name: "Sandboxed-Container.runv", version: "2.2.0" };
const docker = (version: string) => ({ name: "docker", version });
const containerd = (version: string) => ({ name: "containerd", version });

/**
 * Minor versions of ACK: patches, the month of release, the end of support (where only a month is published, its last
 * day), runtimes. From the vendor's pages on supported versions and on the components of each; of 1.10 and 1.11 they tell
 * no dates.
 */
const rows: readonly [
  minor: string,
  patches: [string, ...string[]],
  released: string | undefined,
  expires: string | undefined,
  runtimes: KubernetesRelease["runtimes"],
][] = [
  ["1.10", ["4"], undefined, undefined, [docker("17.06.2-ce-3")]],
  ["1.11", ["2", "5"], undefined, undefined, [docker("17.06.2-ce-3")]],
  ["1.12", ["6"], "2019-03-01", "2020-12-31", [docker("18.09.2")]],
  ["1.14", ["6", "8"], "2019-08-01", "2021-07-31", [docker("18.09.2"), docker("19.03.5")]],
  ["1.16", ["6", "9"], "2020-02-01", "2022-06-30", [docker("19.03.5"), sandboxed]],
  ["1.18", ["8"], "2020-09-01", "2022-09-30", [docker("19.03.5"), sandboxed]],
  ["1.20", ["4", "11"], "2021-04-01", "2023-04-30", [docker("19.03.5"), containerd("1.5.13"), sandboxed]],
  ["1.22", ["3", "15"], "2021-12-01", "2023-10-31", [docker("19.03.15"), containerd("1.5.13"), sandboxed]],
  ["1.24", ["3", "6"], "2022-09-01", "2024-09-30", [containerd("1.6.20"), sandboxed]],
  ["1.26", ["3", "15"], "2023-04-01", "2025-04-30", [containerd("1.6.20")]],
  ["1.28", ["3", "9", "15"], "2023-10-01", "2025-10-31", [containerd("1.6.20")]],
  ["1.30", ["1", "7"], "2024-06-01", "2026-06-30", [containerd("1.6.28")]],
  ["1.31", ["1", "9"], "2024-09-01", "2025-09-30", [containerd("1.6.34")]],
  ["1.32", ["1", "7"], "2025-01-01", "2026-01-31", [containerd("1.6.36")]],
  ["1.33", ["1", "3"], "2025-05-01", "2026-05-31", [containerd("2.1.1")]],
  ["1.34", ["1", "3"], "2025-09-01", "2026-09-30", [containerd("2.1.3")]],
  ["1.35", ["1"], "2026-02-01", "2027-02-28", [containerd("2.1.5")]],
  ["1.36", ["1"], "2026-05-01", "2027-05-30", [containerd("2.1.6")]],
];

/** What ACK offers, or once did, oldest first. */
export const releases: readonly KubernetesRelease[] = rows.map(
  ([minor, [first, ...others], released, expires, runtimes]) => {
    const version = (patch: string) => `${minor}.${patch}-aliyun.1`;
    return { minor, versions: [version(first), ...others.map(version)], released, expires, runtimes };
  },
);
