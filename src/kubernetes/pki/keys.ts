import { createPrivateKey, createPublicKey, webcrypto } from "node:crypto";

/** A key pair as WebCrypto objects, and the private key as PEM (PKCS #8), to be kept. */
export interface CreatedKeyPair {
  keys: webcrypto.CryptoKeyPair;
  privateKeyPem: string;
}

const p256 = { name: "ECDSA", namedCurve: "P-256" };

/** Makes a new ECDSA P-256 key pair. */
export async function createKeyPair(): Promise<CreatedKeyPair> {
  const keys = await webcrypto.subtle.generateKey(p256, true, ["sign", "verify"]);
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { keys, privateKeyPem: pem("PRIVATE KEY", pkcs8) };
}

/** Reads an ECDSA P-256 private key from PEM, and works out its public key. */
export async function importKeyPair(privateKeyPem: string): Promise<webcrypto.CryptoKeyPair> {
  const privateKey = createPrivateKey(privateKeyPem);
  const pkcs8 = privateKey.export({ format: "der", type: "pkcs8" });
  const spki = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  const [signing, verifying] = await Promise.all([
    webcrypto.subtle.importKey("pkcs8", pkcs8, p256, true, ["sign"]),
    webcrypto.subtle.importKey("spki", spki, p256, true, ["verify"]),
  ]);
  return { privateKey: signing, publicKey: verifying };
}

/** The public half of a PEM private key, as PEM (SubjectPublicKeyInfo). */
export function publicKeyOf(privateKeyPem: string): string {
  return createPublicKey(privateKeyPem).export({ format: "pem", type: "spki" }).toString();
}

function pem(label: string, der: ArrayBuffer): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .match(/.{1,64}/g) as string[];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
