import type { PresentedSignature } from "../../common/signature/presented-signature.ts";

/** What one of the ACK dialect's signatures claims. */
export interface AckSignature extends PresentedSignature {
  scheme: "ACS3-HMAC-SHA256" | "ROA-HMAC-SHA1";
  /** The client's once-only word for this request; undefined where it sent none, as the older scheme allows. */
  nonce: string | undefined;
}
