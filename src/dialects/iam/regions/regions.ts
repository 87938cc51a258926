import { listProjects, projectRegion } from "../../../core/accounts/projects.ts";
import type { Core } from "../../../core/core.ts";

/** The regions in which an account has projects, each once. */
export async function regionsOf(core: Core, accountId: string): Promise<string[]> {
  const names = (await listProjects(core, accountId)).map(({ name }) => projectRegion(name));
  return [...new Set(names)];
}
