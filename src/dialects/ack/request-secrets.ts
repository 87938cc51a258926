import type { CreateClusterBody } from "./parameters/index.ts";

/** Members of a request, at any depth, that are kept encrypted and never shown. */
const secretMembers = new Set(["login_password"]);

/** What stands in the place of a secret: it tells that there is one, not which. */
const mask = "******";

/** A copy of a request, or of a part of it, that may be kept in clear and shown. */
export function withSecretsMasked<T>(sent: T): T {
  if (Array.isArray(sent)) return sent.map(withSecretsMasked) as T;
  if (typeof sent !== "object" || sent === null) return sent;
  const shown = Object.entries(sent).map(([name, value]) => [
    name,
    secretMembers.has(name) && value ? mask : withSecretsMasked(value),
  ]);
  return Object.fromEntries(shown) as T;
}

/** The secrets of a request by the name that the secret store has for them: the password of each group of nodes. */
export function secretsOf(body: CreateClusterBody): Record<string, string> {
  const passwords: Record<string, string | undefined> = {
    "login-password": body.login_password || body.control_plane_config?.login_password,
  };
  body.nodepools?.forEach((pool, index) => {
    passwords[`node-pool/${index}/login-password`] = pool.scaling_group?.login_password;
  });
  const given = Object.entries(passwords).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(given);
}
