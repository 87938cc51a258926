import { createHash } from "node:crypto";
import { join } from "node:path";
import { addonLabel, clusterConfigurationName } from "../../../kubernetes/addons/cluster-objects.ts";
import { type KubernetesObject, objectPath } from "../../../kubernetes/addons/kubernetes-object.ts";
import { readIfThere, removeTree, writeFileAtomically } from "../../../machine/files.ts";

/** In the cluster's folder: a digest of each object as Sampan applied it last, by the object's path. */
const file = "applied-objects.json";

/** Notes down that these objects, as they are, are all that stands in the cluster. */
export async function noteApplied(folder: string, objects: readonly KubernetesObject[]): Promise<void> {
  const digests = Object.fromEntries(objects.map((object) => [objectPath(object), digestOf(object)]));
  await writeFileAtomically(join(folder, file), JSON.stringify(digests), { mode: 0o600, durable: true });
}

/** Takes the notes away. Can be called where there are none. */
export const forgetApplied = (folder: string): Promise<void> => removeTree(join(folder, file));

/**
 * The objects that Sampan wants otherwise than when it applied them last. What users have changed since in the others is
 * theirs. Of a cluster of an earlier Sampan, which kept no such notes, they are the cluster's own configuration.
 */
export async function changedObjects(
  folder: string,
  objects: readonly KubernetesObject[],
): Promise<readonly KubernetesObject[]> {
  const noted = await readIfThere(join(folder, file));
  if (noted === undefined)
    return objects.filter(({ metadata }) => metadata.labels?.[addonLabel] === clusterConfigurationName);
  const digests = JSON.parse(noted) as Record<string, string>;
  return objects.filter((object) => digests[objectPath(object)] !== digestOf(object));
}

const digestOf = (object: KubernetesObject): string =>
  createHash("sha256").update(JSON.stringify(object)).digest("base64url");
