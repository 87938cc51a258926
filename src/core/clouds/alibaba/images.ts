import type { KubernetesRelease } from "../../versions/release.ts";

/** A system image for nodes, as ACK publishes it. */
export interface SystemImage {
  id: string;
  name: string;
  platform: string;
  osVersion: string;
  /** As `image_type` of a request. */
  type: string;
  os: "Linux" | "Windows";
  architecture: "x86_64" | "arm64";
  /** Names of the runtimes that it has. */
  runtimes: readonly string[];
}

const every = ["containerd", "docker", "Sandboxed-Container.runv"];

/** First and last minor of Kubernetes that an image serves. ACK ended CentOS and Alibaba Cloud Linux 2 with 1.30. */
const images: readonly (SystemImage & { since: number; until: number })[] = [
  {
    id: "centos_7_9_x64_20G_alibase_20221129.vhd",
    name: "CentOS 7.9",
    platform: "CentOS",
    osVersion: "7.9",
    type: "CentOS",
    os: "Linux",
    architecture: "x86_64",
    runtimes: every,
    since: 10,
    until: 28,
  },
  {
    id: "aliyun_2_1903_x64_20G_alibase_20200529.vhd",
    name: "Alibaba Cloud Linux 2.1903",
    platform: "AliyunLinux",
    osVersion: "2.1903",
    type: "AliyunLinux",
    os: "Linux",
    architecture: "x86_64",
    runtimes: every,
    since: 14,
    until: 28,
  },
  {
    id: "aliyun_3_x64_20G_alibase_20241218.vhd",
    name: "Alibaba Cloud Linux 3.2104",
    platform: "AliyunLinux",
    osVersion: "3.2104",
    type: "AliyunLinux3",
    os: "Linux",
    architecture: "x86_64",
    runtimes: ["containerd", "docker"],
    since: 20,
    until: Number.POSITIVE_INFINITY,
  },
  {
    id: "aliyun_3_arm64_20G_alibase_20241218.vhd",
    name: "Alibaba Cloud Linux 3.2104 for Arm",
    platform: "AliyunLinux",
    osVersion: "3.2104",
    type: "AliyunLinux3Arm64",
    os: "Linux",
    architecture: "arm64",
    runtimes: ["containerd"],
    since: 20,
    until: Number.POSITIVE_INFINITY,
  },
  {
    id: "lifsea_3_x64_10G_containerd_1_6_28_alibase_20240705.vhd",
    name: "ContainerOS 3",
    platform: "ContainerOS",
    osVersion: "3",
    type: "ContainerOS",
    os: "Linux",
    architecture: "x86_64",
    runtimes: ["containerd"],
    since: 24,
    until: Number.POSITIVE_INFINITY,
  },
  {
    id: "win2019_1809_x64_dtc_en-us_40G_container_alibase_20240515.vhd",
    name: "Windows Server 2019 Datacenter",
    platform: "Windows",
    osVersion: "1809",
    type: "Windows",
    os: "Windows",
    architecture: "x86_64",
    runtimes: ["docker", "containerd"],
    since: 14,
    until: Number.POSITIVE_INFINITY,
  },
];

/** The system images of a release of ACK that have one of its runtimes; with `runtime`, only those that have that one. */
export function imagesOf(release: KubernetesRelease, runtime?: string): SystemImage[] {
  const minor = Number(release.minor.split(".")[1]);
  const offered = release.runtimes.map(({ name }) => name).filter((name) => runtime === undefined || name === runtime);
  return images
    .filter(({ since, until }) => since <= minor && minor <= until)
    .filter((image) => image.runtimes.some((name) => offered.includes(name)))
    .map(({ since, until, ...image }) => image);
}
