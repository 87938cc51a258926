import type { GivenBody } from "./table/table.ts";

const terwayNames = ["terway-eniip", "terway-eni", "terway"];

/** The network plug-in of a request: Terway where an add-on says so or only Pod vSwitches are given, Flannel otherwise. */
export function networkPlugin(body: GivenBody): "flannel" | "terway" {
  const named = new Set(body.addons?.map(({ name }) => name));
  if (terwayNames.some((name) => named.has(name))) return "terway";
  return !named.has("flannel") && !body.container_cidr && body.pod_vswitch_ids?.length ? "terway" : "flannel";
}
