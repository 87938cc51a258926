import { describe, expect, it } from "vitest";
import type { CceWords } from "../words/index.ts";
import { toNewCluster } from "./to-core.ts";

const project = { id: "0".repeat(32), accountId: "default", name: "cn-north-4", isFirst: true };
const settings = { inventory: "implicit" } as const;

describe("a request as it is kept", () => {
  it("has nothing in it that looks like a credential, in whatever member", () => {
    const spec = {
      flavor: "cce.s1.small",
      hostNetwork: { vpc: "vpc-1", subnet: "subnet-1" },
      containerNetwork: { mode: "vpc-router" },
      authentication: { mode: "authenticating_proxy", authenticatingProxy: { ca: "Q0E=", privateKey: "Hunter2!" } },
    };
    const sent = {
      metadata: { name: "shop" },
      spec: { ...spec, unknown: [{ secret_key: "Hunter2!" }] },
      ak: "Hunter2!",
    };
    const words = { metadata: { name: "shop" }, spec } as unknown as CceWords;
    const { request, secrets } = toNewCluster(project, words, sent, settings);
    expect(JSON.stringify(request)).not.toContain("Hunter2!");
    expect(request).toMatchObject({ ak: "******", spec: { unknown: [{ secret_key: "******" }] } });
    expect(secrets).toEqual({ "authenticating-proxy-key": "Hunter2!" });
  });
});
