import { stringify } from "yaml";

/** Health checks and heartbeats, which come every few seconds and say nothing about what anybody did. */
const noise = [
  { level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*", "/metrics", "/version"] },
  { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
];

/**
 * Which requests the API server records in its audit log (YAML): who did what to which object and when, once a
 * request is answered. Bodies are left out, since Secrets come in them.
 */
export const auditPolicy = stringify({
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [...noise, { level: "Metadata" }],
});
