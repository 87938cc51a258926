import { until } from "../../../machine/until.ts";
import type { SubstrateStage } from "../../substrate.ts";
import { awaitAll } from "../await-all.ts";
import { ensurePkiFiles } from "../certificates/files.ts";
import { requireSecrets } from "../certificates/secrets.ts";
import { checkServedCertificate } from "../certificates/served.ts";
import type { LocalContext } from "../context.ts";
import type { ClusterRun } from "../control-plane/cluster-processes.ts";
import { replaceForwarder, restartForwarder } from "../control-plane/control-plane.ts";
import { isForwarderInPlace } from "../forwarder/running.ts";
import { prepareRun } from "../site/run.ts";
import { apiEndpoints, requireSite } from "../site/site.ts";
import { readLocalState, saveLocalState } from "../state.ts";
import { abortable } from "./abortable.ts";
import { changedContent } from "./add-ons.ts";

/**
 * The stages that bring a cluster that runs to what its plan says now. None of them starts a control plane: one that is
 * down takes over what is in files at its next start.
 */
export function changeStages(context: LocalContext): readonly SubstrateStage[] {
  // An endpoint opens once the certificate is good for it.
  const inOrder = [certificates, changedContent, servedCertificates, publicEndpoint];
  return inOrder.map((make) => abortable(make(context)));
}

function certificates(context: LocalContext): SubstrateStage {
  return {
    name: "certificates",
    kind: "certificates",
    title: "Put changed names into the certificates",
    async run({ cluster }) {
      await ensurePkiFiles(requireSite(context.home, cluster), await requireSecrets(cluster.secrets));
    },
  };
}

/**
 * What passes through the forwarder is broken off for a moment, and comes again. What is noted down, and so shown, is what
 * is open: after a failure that is what it was before.
 */
function publicEndpoint(context: LocalContext): SubstrateStage {
  return {
    name: "public-endpoint",
    kind: "endpoint",
    title: "Open or close the public endpoint",
    async run({ cluster, report, signal }) {
      const wanted = cluster.plan.apiServer.publicEndpoint;
      const before = requireSite(context.home, cluster);
      const site = requireSite(context.home, cluster, wanted);
      if (readLocalState(cluster).publicEndpoint === wanted && (await isForwarderInPlace(site))) {
        report("It stays as it is.");
        return;
      }
      const run = await prepareRun(context, cluster, { report, signal });
      try {
        await restartForwarder(context, { ...run, site }, signal);
        await saveLocalState(cluster, { publicEndpoint: wanted });
      } catch (error) {
        await goBack(context, { ...run, site: before });
        throw error;
      }
      const { public: address } = apiEndpoints(site.network, wanted);
      report(
        address ? `The API server is reached at ${address}, too.` : "The API server has no public endpoint any more.",
      );
    },
  };
}

/** Has the forwarder again that was there before. Must not hide the error because of which it is called. */
async function goBack(context: LocalContext, run: ClusterRun): Promise<void> {
  await replaceForwarder(context, run).catch((error: unknown) => {
    context.log.error({ err: error, cluster: run.site.id }, "the forwarder could not be put back as it was");
  });
}

/** API servers look at their certificate's file themselves, once a minute; later ones notice the change at once. */
function servedCertificates(context: LocalContext): SubstrateStage {
  return {
    name: "served-certificates",
    kind: "control-plane",
    title: "Wait for the API server to present its certificate",
    async run({ cluster, signal }) {
      const { members } = requireSite(context.home, cluster).controlPlane;
      const { certificatePoll: pollMs, certificateDeadline: deadlineMs } = context.timing;
      await awaitAll(
        members.map((member) =>
          until((attempt) => checkServedCertificate(member, attempt), {
            what: `the API server of ${member.name} to present its new certificate`,
            hint: "It does so at its next start at the latest.",
            pollMs,
            deadlineMs,
            signal,
          }),
        ),
      );
    },
  };
}
