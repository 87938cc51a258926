import { findJsonProblem } from "./border/json-problem.ts";

/** Names that members with credentials have, in lower case and without `_`, `-` and `.`. */
const credentialNames: readonly RegExp[] = [
  /passw(or)?d|passphrase/,
  /secret/,
  /token/,
  /credential/,
  /(private|access|api|signing)key/,
  /^(ak|sk)$/,
  /^authorization$/,
];

/** Names like those, of members that hold none: a request's name, a choice, what is encrypted how, a reference. */
const harmlessNames: readonly RegExp[] = [
  /^(clienttoken|httptokens|secretconfig|imagepullsecrets?)$/,
  /(name|namespace|file|path|ttl|seconds|minutes|enabled?)$/,
];

/** What credentials look like, wherever they stand: private keys as PEM, key ids of Alibaba Cloud, JSON Web Tokens. */
const credentialValues: readonly RegExp[] = [
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----/,
  /\bLTAI[A-Za-z0-9]{12,30}\b/,
  /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/,
];

/** Stands in the place of a credential: it tells that there is one, not which. */
const mask = "******";

/** Whether a member of that name holds a credential. */
export function isCredentialName(name: string): boolean {
  const plain = name.replaceAll(/[_.-]/g, "").toLowerCase();
  return (
    !harmlessNames.some((pattern) => pattern.test(plain)) && credentialNames.some((pattern) => pattern.test(plain))
  );
}

/** Whether a text is or has something that looks like a credential by itself. */
export const looksLikeCredential = (text: string): boolean => credentialValues.some((pattern) => pattern.test(text));

/** How deep JSON in a text is looked through, and how many names and values of it. */
const lookedThrough = { depth: 64, values: 1000 };

/**
 * A copy of a value that may be kept in clear, shown and logged: what looks like a credential is masked, by its member's name
 * or by itself, at any depth and in texts that are JSON. Objects that are more than their members (errors, dates) stay as
 * they are.
 */
export function withoutCredentials<T>(value: T): T {
  if (typeof value === "string") return maskedText(value) as T;
  if (Array.isArray(value)) return value.map(withoutCredentials) as T;
  if (!isPlain(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    isCredentialName(name) ? masked(member) : withoutCredentials(member),
  ]);
  return Object.fromEntries(members) as T;
}

/** Whether something is there is no secret, and neither is a flag, nor how an object with secrets is built. */
function masked(value: unknown): unknown {
  if (typeof value === "boolean" || !value) return value;
  if (Array.isArray(value)) return value.map(masked);
  if (!isPlain(value)) return mask;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
}

/** What is JSON stays JSON, whatever is in it: others read it again. What is too large for that is masked as a whole. */
function maskedText(text: string): string {
  const mayBeJson = /^\s*[[{]/.test(text);
  if (!mayBeJson || findJsonProblem(text, lookedThrough) !== undefined)
    return looksLikeCredential(text) || (mayBeJson && text.split(/[^\w.-]+/).some(isCredentialName)) ? mask : text;
  const written: unknown = JSON.parse(text);
  const clear = JSON.stringify(withoutCredentials(written));
  return clear === JSON.stringify(written) ? text : clear;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
