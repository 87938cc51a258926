import { createHmac, timingSafeEqual } from "node:crypto";

/** How far a request's date may be from the server's, in milliseconds, both ways: as at the vendors' gateways. */
export const freshnessMilliseconds = 15 * 60 * 1000;

/** Stands in for the secret of an unknown key, so that the answer takes as long as for a known one. */
export const dummySecret = "no access key has this secret";

/** What a signature claims, after its header is understood and before its secret is known. */
export interface PresentedSignature {
  accessKeyId: string;
  /** When the client says it signed. */
  date: Date;
  hmac: "sha256" | "sha1";
  /** The strings the client may have signed, the likeliest first; one is enough to match. They hold no secret. */
  stringsToSign: readonly [string, ...string[]];
  /** The key of the HMAC, where the scheme derives one from the secret; without it, the key is the secret itself. */
  keyOf?(secret: string): Buffer;
  /** The signature the client sent, decoded to bytes. */
  signature: Buffer;
}

/** Whether a secret made a signature, over any of the strings the client may have signed. Takes equal time for all secrets. */
export function isMadeWith(presented: PresentedSignature, secret: string): boolean {
  const key = presented.keyOf?.(secret) ?? secret;
  let found = false;
  for (const text of presented.stringsToSign) {
    const expected = createHmac(presented.hmac, key).update(text, "utf8").digest();
    const equal = expected.length === presented.signature.length && timingSafeEqual(expected, presented.signature);
    found = equal || found;
  }
  return found;
}

/** Whether a request is as old, or as far in the future, as its date may be. */
export const isFresh = ({ date }: Pick<PresentedSignature, "date">, now: Date): boolean =>
  Math.abs(now.getTime() - date.getTime()) <= freshnessMilliseconds;
