import type { ApiClient } from "../../kubernetes/client.ts";
import type { ControlPlaneMember } from "../../kubernetes/control-plane.ts";
import { type UntilOptions, until } from "../../machine/until.ts";

interface Endpoints {
  subsets?: { addresses?: { ip: string }[] }[];
}

/**
 * Waits until the Endpoints object `kubernetes` names every member, as pods see the control plane. Each API server adds
 * itself; where they do so at the same moment, one may miss another and adds it ten seconds later.
 *
 * @throws {Error} with the members that are missing, where it takes too long.
 */
export async function untilEveryMemberIsEndpoint(
  client: ApiClient,
  members: readonly Pick<ControlPlaneMember, "name" | "vpcAddress">[],
  options: Pick<UntilOptions, "pollMs" | "deadlineMs" | "signal">,
): Promise<void> {
  const attempt = async (signal: AbortSignal) => {
    const { subsets = [] } = await client.request<Endpoints>("GET", "/api/v1/namespaces/default/endpoints/kubernetes", {
      signal,
    });
    const present = subsets.flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip));
    const missing = members.filter(({ vpcAddress }) => !present.includes(vpcAddress)).map(({ name }) => name);
    if (missing.length > 0) throw new Error(`${missing.join(" and ")} not among ${present.join(", ") || "none"}`);
  };
  await until(attempt, {
    ...options,
    what: "every member to be an endpoint of the service kubernetes",
    hint: `See "kubectl get endpoints kubernetes".`,
  });
}
