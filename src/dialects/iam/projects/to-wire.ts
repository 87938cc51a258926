import { type Project, projectRegion } from "../../../core/accounts/projects.ts";
import type { HuaweiCaller } from "../../huawei/caller.ts";

/**
 * An account's projects as IAM shows them. The parent of a region's project is the account, that of another project is
 * the project of its region.
 * @param all every project of the account
 */
export function toIamProjects(all: readonly Project[], { domainId }: HuaweiCaller, address: string) {
  const byName = new Map(all.map((project) => [project.name, project.id]));
  return all.map(({ id, name }) => {
    const region = byName.get(projectRegion(name));
    return {
      id,
      name,
      domain_id: domainId,
      parent_id: region === undefined || region === id ? domainId : region,
      enabled: true,
      is_domain: false,
      description: "",
      links: { self: `${address}/v3/projects/${id}` },
    };
  });
}
