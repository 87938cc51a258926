import { describe, expect, it } from "vitest";
import { findRelease } from "../../versions/catalogue.ts";
import { imagesOf } from "./images.ts";

describe("the system images", () => {
  const typesOf = (version: string, runtime?: string) => {
    const release = findRelease("ack", version);
    return release && imagesOf(release, runtime).map(({ type }) => type);
  };

  it.each([
    ["1.10", undefined, ["CentOS"]],
    ["1.18", undefined, ["CentOS", "AliyunLinux", "Windows"]],
    ["1.18", "Sandboxed-Container.runv", ["CentOS", "AliyunLinux"]],
    ["1.18", "containerd", []],
    ["1.20", "docker", ["CentOS", "AliyunLinux", "AliyunLinux3", "Windows"]],
    ["1.36", undefined, ["AliyunLinux3", "AliyunLinux3Arm64", "ContainerOS", "Windows"]],
  ])("of %s with runtime %s are %j", (version, runtime, types) => {
    expect(typesOf(version, runtime)).toEqual(types);
  });
});
