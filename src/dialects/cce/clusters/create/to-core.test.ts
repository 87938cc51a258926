import { describe, expect, it } from "vitest";
import { smallest, withSpec } from "./testing/bodies.ts";
import { readCreateCluster } from "./testing/validate.ts";
import { toNewCluster } from "./to-core.ts";

const project = { id: "0".repeat(32), accountId: "default", name: "cn-north-4", isFirst: true };
const settings = { inventory: "implicit" } as const;

describe("a request as it is kept", () => {
  it("has nothing in it that looks like a credential, in whatever member", () => {
    const sent = withSpec(
      {
        authentication: { mode: "authenticating_proxy", authenticatingProxy: { ca: "Q0E=", privateKey: "Hunter2!" } },
        unknown: [{ secret_key: "Hunter2!" }],
      },
      { ...smallest, ak: "Hunter2!" },
    );
    const { request, secrets } = toNewCluster(project, readCreateCluster(sent), settings);
    expect(JSON.stringify(request)).not.toContain("Hunter2!");
    expect(request).toMatchObject({ ak: "******", spec: { unknown: [{ secret_key: "******" }] } });
    expect(secrets).toEqual({ "authenticating-proxy-key": "Hunter2!" });
  });
});
