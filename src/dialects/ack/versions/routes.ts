import Type from "typebox";
import { releases } from "../../../core/clouds/alibaba/releases.ts";
import { findRelease } from "../../../core/versions/catalogue.ts";
import type { KubernetesRelease } from "../../../core/versions/release.ts";
import { parseVendorVersion } from "../../../core/versions/version.ts";
import type { AckContext, AckRoutes } from "../context.ts";
import { invalidParameters } from "../invalid-parameters.ts";
import { routeOf } from "../operations.ts";
import { toAckVersion } from "./to-wire.ts";

const optionalText = (description: string) => Type.Optional(Type.String({ description }));
/** One of a list of texts; an empty one means "not set". */
const optionalOneOf = (values: string[], description: string) =>
  Type.Optional(Type.String({ enum: [...values, ""], description }));

const versionsQuery = Type.Object({
  Region: Type.String({ minLength: 1, description: "Region of the cluster." }),
  ClusterType: Type.String({ enum: ["Kubernetes", "ManagedKubernetes"], description: "Kind of the cluster." }),
  KubernetesVersion: optionalText("Only this version, e.g. `1.18.8-aliyun.1`, or those of a minor, e.g. `1.18`."),
  Mode: optionalOneOf(["supported", "creatable"], "Both are the same here: every version can be created."),
  Profile: optionalOneOf(["Default"], "Sub-type of a managed cluster; only `Default` is known."),
  QueryUpgradableVersion: Type.Optional(
    Type.Boolean({ description: "Whether upgrades of `KubernetesVersion` are listed." }),
  ),
  runtime: optionalOneOf(
    ["docker", "containerd", "Sandboxed-Container.runv"],
    "Only versions and images with this container runtime.",
  ),
});

/** A version with the release it is of. */
interface ListedVersion {
  version: string;
  release: KubernetesRelease;
}

/** The operation on Kubernetes versions. */
export const versionRoutes: AckRoutes = (app, context) => {
  app.route({
    ...routeOf("DescribeKubernetesVersionMetadata", { querystring: versionsQuery, tags: ["ACK clusters"] }),
    handler: async ({ query }) => {
      const runtime = query.runtime || undefined;
      const wanted = query.KubernetesVersion ? matching(query.KubernetesVersion) : everyVersion();
      const listed = wanted.filter(({ release }) => !runtime || release.runtimes.some(({ name }) => name === runtime));
      const running = await runningVersions(context, listed);
      // As the vendor has it, upgrades are told of a version that is named.
      const withUpgrades = Boolean(query.QueryUpgradableVersion && query.KubernetesVersion);
      return listed.map(({ version, release }) =>
        toAckVersion(version, release, { runtime, withUpgrades, running: running.get(version) }),
      );
    },
  });
};

/** Newest first. */
const everyVersion = (): ListedVersion[] =>
  releases.toReversed().flatMap((release) => release.versions.toReversed().map((version) => ({ version, release })));

/**
 * The versions of a minor, or the one that is named: a patch that the catalogue does not have can be asked for all the
 * same. None where the minor is unknown.
 */
function matching(asked: string): ListedVersion[] {
  const parsed = parseVendorVersion("ack", asked);
  if (!parsed)
    throw invalidParameters([
      { parameter: "KubernetesVersion", value: asked, rule: "must have the form 1.18.8-aliyun.1, 1.18.8 or 1.18" },
    ]);
  const release = findRelease("ack", asked);
  if (!release) return [];
  const ofMinor = release.versions.toReversed().map((version) => ({ version, release }));
  if (parsed.patch === undefined) return ofMinor;
  const ofPatch = ofMinor.filter(({ version }) => version === asked || version.startsWith(`${asked}-`));
  return ofPatch.length > 0 ? ofPatch : [{ version: asked, release }];
}

/** What would run of each version, by the version. */
async function runningVersions(
  { runningVersions: find }: AckContext,
  listed: readonly ListedVersion[],
): Promise<ReadonlyMap<string, string>> {
  const kubernetesOf = (version: string) => parseVendorVersion("ack", version)?.kubernetes ?? version;
  const found = await find?.(listed.map(({ version }) => kubernetesOf(version)));
  return new Map(
    listed.flatMap(({ version }) => {
      const running = found?.get(kubernetesOf(version));
      return running === undefined ? [] : [[version, running] as const];
    }),
  );
}
