import { type ApiClient, KubernetesApiError } from "../../kubernetes/client.ts";
import type { ControlPlaneMember } from "../../kubernetes/control-plane.ts";
import { type UntilOptions, until } from "../../machine/until.ts";

interface Endpoints {
  subsets?: { addresses?: { ip: string }[] }[];
}

type Member = Pick<ControlPlaneMember, "name" | "vpcAddress">;

/** How members become endpoints. Durations in milliseconds. */
export interface EndpointOptions extends Pick<UntilOptions, "pollMs" | "deadlineMs" | "signal"> {
  /** How long the API servers have to add themselves, before what is missing is added for them. */
  patienceMs: number;
}

const endpointsPath = "/api/v1/namespaces/default/endpoints/kubernetes";

/**
 * Waits until the Endpoints object `kubernetes` names every member, as pods see the control plane. Each API server adds
 * itself; where they do so at the same moment, one misses another, and would add it ten seconds later (the interval of
 * kube-apiserver's lease reconciler, which is no setting). So what they leave out is added for them.
 *
 * @throws {Error} with the members that are missing, where it takes too long.
 */
export async function untilEveryMemberIsEndpoint(
  client: ApiClient,
  members: readonly Member[],
  { patienceMs, ...options }: EndpointOptions,
): Promise<void> {
  const patientUntil = performance.now() + patienceMs;
  const attempt = async (signal: AbortSignal) => {
    const endpoints = await client.request<Endpoints>("GET", endpointsPath, { signal });
    const present = (endpoints.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip));
    const missing = members.filter(({ vpcAddress }) => !present.includes(vpcAddress)).map(({ name }) => name);
    if (missing.length === 0) return;
    if (performance.now() >= patientUntil) await addAll(client, endpoints, members, signal);
    throw new Error(`${missing.join(" and ")} not among ${present.join(", ") || "none"}`);
  };
  await until(attempt, {
    ...options,
    what: "every member to be an endpoint of the service kubernetes",
    hint: `See "kubectl get endpoints kubernetes".`,
  });
}

/** Writes what each API server would at its next turn: all members, in Endpoints and in their slice. */
async function addAll(
  client: ApiClient,
  endpoints: Endpoints,
  members: readonly Member[],
  signal: AbortSignal,
): Promise<void> {
  const [subset, ...others] = endpoints.subsets ?? [];
  if (subset === undefined) return;
  const addresses = members.map(({ vpcAddress }) => ({ ip: vpcAddress }));
  const body = { ...endpoints, subsets: [{ ...subset, addresses }, ...others] };
  try {
    // Its version is a precondition: an API server that writes at this moment goes first.
    await client.request("PUT", endpointsPath, { body, signal });
  } catch (error) {
    if (error instanceof KubernetesApiError && error.status === 409) return;
    throw error;
  }
  const group = await client.request<{ preferredVersion: { groupVersion: string } }>("GET", "/apis/discovery.k8s.io", {
    signal,
  });
  const slice = `/apis/${group.preferredVersion.groupVersion}/namespaces/default/endpointslices/kubernetes`;
  const ready = members.map(({ vpcAddress }) => ({ addresses: [vpcAddress], conditions: { ready: true } }));
  await client.request("PATCH", slice, { body: { endpoints: ready }, signal });
}
