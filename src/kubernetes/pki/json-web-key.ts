import { createHash, createPublicKey } from "node:crypto";

/**
 * A service-account public key as RFC 7517 writes it, as the API server's own `/openid/v1/jwks` has it. `kid` is what
 * the API server puts into the tokens that it signs: the SHA-256 digest of the key's SubjectPublicKeyInfo.
 *
 * @param publicKeyPem An ECDSA P-256 key (SubjectPublicKeyInfo).
 */
export function serviceAccountJsonWebKey(publicKeyPem: string): Readonly<Record<string, string>> {
  const key = createPublicKey(publicKeyPem);
  const kid = createHash("sha256")
    .update(key.export({ format: "der", type: "spki" }))
    .digest("base64url");
  const { kty, crv, x, y } = key.export({ format: "jwk" }) as Record<"kty" | "crv" | "x" | "y", string>;
  return { use: "sig", kty, kid, alg: "ES256", crv, x, y };
}
