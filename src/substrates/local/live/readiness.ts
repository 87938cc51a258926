import { Agent } from "node:https";
import type { HealthAddresses } from "../../../kubernetes/components/health.ts";
import { type HealthAccess, issueHealthAccess } from "../../../kubernetes/pki/health-access.ts";
import { startDeadline } from "../../../machine/deadline.ts";
import type { ClusterLook } from "../../substrate.ts";
import { findSecrets } from "../certificates/secrets.ts";
import type { LocalContext } from "../context.ts";
import { checkHealth } from "../control-plane/health.ts";
import { memberAddresses } from "../site/site.ts";
import { readLocalState } from "../state.ts";
import { liveCluster } from "./live-cluster.ts";
import type { ReadinessProbe } from "./readiness-probe.ts";

/**
 * Whether every control-plane member says that it is ready; false where one does not say so in time, and for a cluster
 * that is not there yet or not any more. Never rejects.
 */
export async function isReady(context: LocalContext, cluster: ClusterLook): Promise<boolean> {
  try {
    return (await (await probeOf(context, cluster))?.ask()) ?? false;
  } catch (error) {
    context.log.warn({ err: error, cluster: cluster.id }, "a cluster could not be asked whether it is ready");
    return false;
  }
}

async function probeOf(context: LocalContext, cluster: ClusterLook): Promise<ReadinessProbe | undefined> {
  const { network } = readLocalState(cluster);
  if (network === undefined) return undefined;
  const { probe, healthAccess, isClosed } = liveCluster(context, cluster.id);
  if (isClosed) return undefined;
  const known = probe.find();
  if (known !== undefined) return known;
  const secrets = await findSecrets(cluster.secrets);
  if (secrets === undefined) return undefined;
  const members = Array.from({ length: cluster.members }, (_, index) =>
    memberAddresses(network, cluster.members, index),
  );
  const { observeDeadline } = context.timing;
  return probe.get(async () =>
    createProbe(members, await healthAccess.get(() => issueHealthAccess(secrets)), observeDeadline),
  );
}

function createProbe(members: readonly HealthAddresses[], access: HealthAccess, deadlineMs: number): ReadinessProbe {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let answer: Promise<boolean> | undefined;

  async function askAll(): Promise<boolean> {
    const deadline = startDeadline(deadlineMs);
    try {
      const checks = members.map((member) =>
        checkHealth("kube-apiserver", member, "ready", access, deadline.signal, agent),
      );
      await Promise.all(checks);
      return true;
    } catch {
      return false;
    } finally {
      deadline.clear();
      answer = undefined;
    }
  }

  return {
    ask() {
      answer ??= askAll();
      return answer;
    },
    close: () => agent.destroy(),
  };
}
