/**
 * What Kubernetes takes as names and labels, after k8s.io/apimachinery/pkg/util/validation. Whoever refuses what it would
 * refuse, or writes what it has to take, goes by these.
 */

/** Letters and digits, joined by hyphens, underscores and dots. */
const labelName = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Parts of lower-case letters, digits and inner hyphens, joined by dots. */
const subdomain = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

/** The most characters of a subdomain (RFC 1123). */
const longestSubdomain = 253;

/** Whether a label's or an annotation's key may have this name, or be it where it has no prefix: at most 63 characters. */
export const isLabelName = (name: string): boolean => labelName.test(name);

/** Whether a label may have this value: nothing, or the same as a name. */
export const isLabelValue = (value: string): boolean => value === "" || labelName.test(value);

/** Whether it is a subdomain: what most names of objects are, and the prefix of a label's key. */
export const isSubdomain = (text: string): boolean => text.length <= longestSubdomain && subdomain.test(text);

/** Whether a label or an annotation may have this key: a name, or a subdomain, a slash and a name. */
export function isLabelKey(key: string): boolean {
  const [name = "", prefix, ...rest] = key.split("/").toReversed();
  return rest.length === 0 && isLabelName(name) && (prefix === undefined || isSubdomain(prefix));
}
