/** What a node says its operating system is (`nodeInfo.osImage`), by the platform's or the image type's name in a request. */
export const osImages: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CentOS: "CentOS Linux 7 (Core)",
    AliyunLinux: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle)",
    QbootAliyunLinux: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle) Qboot",
    Qboot: "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle) Qboot",
    "Alibaba Cloud Linux": "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle)",
    "Alibaba Cloud Linux Qboot": "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle) Qboot",
    "Alibaba Cloud Linux UEFI": "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle) UEFI",
    "Alibaba Cloud LinuxUEFI": "Alibaba Cloud Linux (Aliyun Linux) 2.1903 LTS (Hunting Beagle) UEFI",
    "Alibaba Cloud Linux3": "Alibaba Cloud Linux 3 (Soaring Falcon)",
    AliyunLinux3: "Alibaba Cloud Linux 3 (Soaring Falcon)",
    "Alibaba Cloud Linux3Arm64": "Alibaba Cloud Linux 3 (Soaring Falcon)",
    AliyunLinux3Arm64: "Alibaba Cloud Linux 3 (Soaring Falcon)",
    Windows: "Windows Server 2019 Datacenter",
    WindowsCore: "Windows Server Core",
  }),
);
