import { isLabelKey, isLabelValue } from "../../kubernetes-rules.ts";
import type { ClusterContent } from "./cluster-content.ts";
import type { ObjectMetadata } from "./kubernetes-object.ts";

/** Keys with this prefix, and one of the well-known ones, are Sampan's. */
const ownPrefix = "sampan.dev/";
const ownKeys = ["app.kubernetes.io/managed-by"];

/**
 * What all labels and all annotations of the object may take, in bytes. Kubernetes has a limit for annotations, 256 KiB, of
 * which a part is kept for Sampan's own. It has none for labels, but etcd refuses an object over 1.5 MiB.
 */
const labelsBytes = 64 * 1024;
const annotationsBytes = 252 * 1024;

/** A server-side apply writes each key a second time, into `managedFields`; and this is what comes around keys and values. */
const frameBytes = 20;

/** What a vendor's API lets somebody write on a cluster. */
type Marks = Pick<ClusterContent, "labels" | "annotations">;

/**
 * The labels and annotations of a cluster as an object in Kubernetes can have them. A label whose value Kubernetes
 * refuses becomes an annotation. Those whose keys it refuses, and those of Sampan's own keys, stand as JSON in the
 * annotations `sampan.dev/labels` and `sampan.dev/annotations`. Labels over 64 KiB in all and annotations over 252 KiB
 * are left out, and `sampan.dev/left-out` says so.
 */
export function objectMarks({ labels, annotations }: Marks): Pick<ObjectMetadata, "labels" | "annotations"> {
  const [asLabels, noLabels] = split(labels, (key, value) => isKey(key) && isLabelValue(value));
  const [asAnnotations, noAnnotations] = split(annotations, isKey);
  const [moved, unfit] = split(noLabels, (key) => isKey(key) && !Object.hasOwn(asAnnotations, key));
  const written = {
    ...asAnnotations,
    ...moved,
    ...asJson(`${ownPrefix}labels`, unfit),
    ...asJson(`${ownPrefix}annotations`, noAnnotations),
  };
  const [fittingLabels, overLabels] = withinLimit(asLabels, labelsBytes);
  const [fitting, over] = withinLimit(written, annotationsBytes);
  const leftOut = [
    ...leftOutMessage(overLabels, "over 64 KiB for all labels"),
    ...leftOutMessage(over, "over Kubernetes' limit of 256 KiB for all annotations"),
  ];
  const marked = { ...fitting, ...(leftOut.length > 0 && { [`${ownPrefix}left-out`]: leftOut.join("; ") }) };
  return {
    ...(Object.keys(fittingLabels).length > 0 && { labels: fittingLabels }),
    ...(Object.keys(marked).length > 0 && { annotations: marked }),
  };
}

function split(
  marks: Readonly<Record<string, string>>,
  isFit: (key: string, value: string) => boolean,
): [fit: Record<string, string>, unfit: Record<string, string>] {
  const { fit = [], unfit = [] } = Object.groupBy(Object.entries(marks), (mark) => (isFit(...mark) ? "fit" : "unfit"));
  return [Object.fromEntries(fit), Object.fromEntries(unfit)];
}

const isKey = (key: string): boolean => isLabelKey(key) && !key.startsWith(ownPrefix) && !ownKeys.includes(key);

const asJson = (key: string, marks: Record<string, string>): Record<string, string> =>
  Object.keys(marks).length === 0 ? {} : { [key]: JSON.stringify(marks) };

function withinLimit(
  marks: Record<string, string>,
  bytes: number,
): [fitting: Record<string, string>, over: Record<string, string>] {
  let left = bytes;
  return split(marks, (key, value) => {
    const size = 2 * Buffer.byteLength(key) + Buffer.byteLength(value) + frameBytes;
    if (size > left) return false;
    left -= size;
    return true;
  });
}

function leftOutMessage(over: Record<string, string>, limit: string): string[] {
  const count = Object.keys(over).length;
  return count === 0 ? [] : [`${count} ${limit}`];
}
