import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildKubeconfig } from "./kubeconfig.ts";

const access = { server: "https://127.64.1.1:6443", ca: "CA\n", cert: "CERT\n", key: "KEY\n" };

describe("a kubeconfig", () => {
  it("has one cluster, one user and one context, everything inline", () => {
    expect(parse(buildKubeconfig(access, { cluster: "kubernetes", user: "kubernetes-admin" }))).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "kubernetes", cluster: { server: "https://127.64.1.1:6443", "certificate-authority-data": "Q0EK" } },
      ],
      users: [
        { name: "kubernetes-admin", user: { "client-certificate-data": "Q0VSVAo=", "client-key-data": "S0VZCg==" } },
      ],
      contexts: [
        {
          name: "kubernetes-admin@kubernetes",
          context: { cluster: "kubernetes", user: "kubernetes-admin" },
        },
      ],
      "current-context": "kubernetes-admin@kubernetes",
      preferences: {},
    });
  });

  it("takes the context's name where there is one, whatever it is made of", () => {
    const config = parse(buildKubeconfig(access, { cluster: "c", user: "u", context: '生产 "east": #1' }));
    expect(config["current-context"]).toBe('生产 "east": #1');
    expect(config.contexts[0].name).toBe('生产 "east": #1');
  });

  it("keeps long certificates on one line, as clients that read it line by line expect", () => {
    const text = buildKubeconfig({ ...access, cert: "x".repeat(2000) }, { cluster: "c", user: "u" });
    expect(text).toMatch(/client-certificate-data: [A-Za-z0-9+/=]{2668}\n/);
  });
});
