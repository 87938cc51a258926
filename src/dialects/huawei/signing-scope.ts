import { createHmac } from "node:crypto";

/** What the older form of `SDK-HMAC-SHA256` derives its key over, as golangsdk and gophertelekomcloud send it. */
export interface SigningScope {
  /** `YYYYMMDD`. */
  day: string;
  /** As the client calls them; either may be empty. */
  region: string;
  service: string;
}

/** The last part of every scope. */
const terminator = "sdk_request";

/** Reads `<access key>/<day>/<region>/<service>/sdk_request`; `undefined` for another text. */
export function parseCredential(text: string): { accessKeyId: string; scope: SigningScope } | undefined {
  const match = /^([^/]+)\/(\d{8})\/([^/]*)\/([^/]*)\/sdk_request$/.exec(text);
  if (!match) return undefined;
  const [, accessKeyId = "", day = "", region = "", service = ""] = match;
  return { accessKeyId, scope: { day, region, service } };
}

/** The scope as the string to sign has it. */
export const textOf = ({ day, region, service }: SigningScope): string => [day, region, service, terminator].join("/");

/** The key: an HMAC over each part of the scope, the first one with the secret, each other one with what the last gave. */
export const derivedKey = (secret: string, { day, region, service }: SigningScope): Buffer =>
  [day, region, service, terminator].reduce(
    (key, part) => createHmac("sha256", key).update(part, "utf8").digest(),
    Buffer.from(`SDK${secret}`, "utf8"),
  );
