import type { ClusterContent } from "./cluster-content.ts";
import type { ObjectMetadata } from "./kubernetes-object.ts";

/** Keys with this prefix, and one of the well-known ones, are Sampan's. */
const OWN_PREFIX = "sampan.dev/";
const OWN_KEYS = ["app.kubernetes.io/managed-by"];

/** What Kubernetes takes for the annotations of one object in all, in bytes, and what is kept of that for Sampan's own. */
const ANNOTATIONS_BYTES = 256 * 1024;
const RESERVED_BYTES = 4096;

/** Letters and digits, joined by `-`, `_` and `.`: the name in a key, and a label's value. At most 63. */
const WORD = /^[a-z0-9]([a-z0-9_.-]{0,61}[a-z0-9])?$/i;
const PREFIX = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const PREFIX_LENGTH = 253;

/** What a vendor's API lets somebody write on a cluster. */
type Marks = Pick<ClusterContent, "labels" | "annotations">;

/**
 * The labels and annotations of a cluster as an object in Kubernetes can have them. A label whose value Kubernetes
 * refuses becomes an annotation. Those whose keys it refuses, and those of Sampan's own keys, stand as JSON in the
 * annotations `sampan.dev/labels` and `sampan.dev/annotations`. What is over Kubernetes' limit of 256 KiB is left out,
 * and `sampan.dev/left-out` says so.
 */
export function objectMarks({ labels, annotations }: Marks): Pick<ObjectMetadata, "labels" | "annotations"> {
  const [asLabels, noLabels] = split(labels, (key, value) => isKey(key) && isLabelValue(value));
  const [asAnnotations, noAnnotations] = split(annotations, isKey);
  const [moved, unfit] = split(noLabels, (key) => isKey(key) && !Object.hasOwn(asAnnotations, key));
  const written = {
    ...asAnnotations,
    ...moved,
    ...asJson(`${OWN_PREFIX}labels`, unfit),
    ...asJson(`${OWN_PREFIX}annotations`, noAnnotations),
  };
  const fitting = withinLimit(written);
  return {
    ...(Object.keys(asLabels).length > 0 && { labels: asLabels }),
    ...(Object.keys(fitting).length > 0 && { annotations: fitting }),
  };
}

function split(
  marks: Readonly<Record<string, string>>,
  isFit: (key: string, value: string) => boolean,
): [fit: Record<string, string>, unfit: Record<string, string>] {
  const { fit = [], unfit = [] } = Object.groupBy(Object.entries(marks), (mark) => (isFit(...mark) ? "fit" : "unfit"));
  return [Object.fromEntries(fit), Object.fromEntries(unfit)];
}

function isKey(key: string): boolean {
  if (key.startsWith(OWN_PREFIX) || OWN_KEYS.includes(key)) return false;
  const [name = "", prefix, ...rest] = key.split("/").toReversed();
  if (rest.length > 0 || !WORD.test(name)) return false;
  return prefix === undefined || (prefix.length <= PREFIX_LENGTH && PREFIX.test(prefix));
}

const isLabelValue = (value: string): boolean => value === "" || WORD.test(value);

const asJson = (key: string, marks: Record<string, string>): Record<string, string> =>
  Object.keys(marks).length === 0 ? {} : { [key]: JSON.stringify(marks) };

function withinLimit(annotations: Record<string, string>): Record<string, string> {
  let left = ANNOTATIONS_BYTES - RESERVED_BYTES;
  const [fitting, over] = split(annotations, (key, value) => {
    const size = Buffer.byteLength(key) + Buffer.byteLength(value);
    if (size > left) return false;
    left -= size;
    return true;
  });
  const count = Object.keys(over).length;
  if (count === 0) return fitting;
  return { ...fitting, [`${OWN_PREFIX}left-out`]: `${count} over Kubernetes' limit of 256 KiB for all annotations` };
}
