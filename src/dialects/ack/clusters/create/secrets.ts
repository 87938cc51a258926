import type { CreateClusterBody } from "./table/table.ts";

/** The secrets of a request by the name that the secret store has for them: the password of each group of nodes. */
export function secretsOf(body: CreateClusterBody): Record<string, string> {
  const passwords: Record<string, string | undefined> = {
    "login-password": body.login_password,
  };
  body.nodepools?.forEach((pool, index) => {
    passwords[`node-pool/${index}/login-password`] = pool.scaling_group.login_password;
  });
  const given = Object.entries(passwords).flatMap(([name, value]) => (value ? [[name, value] as const] : []));
  return Object.fromEntries(given);
}
