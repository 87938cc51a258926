import http from "node:http";
import https from "node:https";
import { createSecureContext, type SecureContext } from "node:tls";
import type { ComponentName } from "../../../kubernetes/components/command.ts";
import { type HealthAddresses, healthChecks, healthUrl } from "../../../kubernetes/components/health.ts";
import type { HealthAccess, HealthAuthority } from "../../../kubernetes/pki/health-access.ts";

/** Which answer is asked for: `ready` to work, or `live`, that is worth keeping. */
export type HealthKind = "ready" | "live";

/**
 * What does not count against a component's life: starting the API server anew heals no etcd, and starting etcd anew
 * frees no space. Versions that do not know the words ignore them.
 */
const liveQueries: Partial<Record<ComponentName, string>> = {
  "kube-apiserver": "?exclude=etcd",
  etcd: "?exclude=NOSPACE&serializable=true",
};

/** Enough of a failed answer to say what is wrong. */
const answerLength = 300;

/**
 * Asks one component of one member for its health.
 *
 * @param agent Keeps the connection for the next question; without one, it is closed.
 * @throws {Error} where the answer is another than 200, or there is none before the signal fires.
 */
export async function checkHealth(
  component: ComponentName,
  member: HealthAddresses,
  kind: HealthKind,
  access: HealthAccess,
  signal: AbortSignal,
  agent?: https.Agent,
): Promise<void> {
  const query = kind === "live" ? (liveQueries[component] ?? "") : "";
  await expectOk(healthUrl(component, member, kind) + query, access[healthChecks[component].authority], signal, agent);
}

/**
 * Sends a GET request and reads the answer.
 * @throws {Error} where the answer is another than 200, or there is none before the signal fires.
 */
export async function expectOk(
  url: string,
  access: HealthAccess[HealthAuthority],
  signal: AbortSignal,
  agent: https.Agent | false = false,
): Promise<void> {
  const answer = Promise.withResolvers<http.IncomingMessage>();
  const request = url.startsWith("https:")
    ? https.get(url, tlsOptions(access, { agent, signal }), answer.resolve)
    : http.get(url, { agent: false, signal }, answer.resolve);
  request.on("error", answer.reject);
  const response = await answer.promise;
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  if (response.statusCode !== 200)
    throw new Error(`${url} answers with HTTP status ${response.statusCode}: ${text.trim().slice(0, answerLength)}`);
}

/** What was made of each access: reading its certificates and key for each of dozens of questions would cost more than they do. */
const contexts = new WeakMap<HealthAccess[HealthAuthority], SecureContext>();

function tlsOptions(access: HealthAccess[HealthAuthority], options: https.RequestOptions) {
  const secureContext = contexts.get(access) ?? createSecureContext(access);
  contexts.set(access, secureContext);
  return { ...options, secureContext };
}
