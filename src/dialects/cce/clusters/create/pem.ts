import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { base64 } from "../../../common/parameters/value-rules.ts";

/** One block of PEM, from its first to its last line. */
interface Block {
  label: string;
  pem: string;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/** The most certificates of one text; more would be of no use, and long to check. */
export const mostCertificates = 10;

/** The keys that the API server can read in a certificate; it does not start with one on another curve. */
export const publicKeys =
  "RSA from 1024 bits, Ed25519, or uncompressed on the named curves P-224, P-256, P-384 and P-521";

const shortestModulus = 1024;
/** Bytes of a key (SubjectPublicKeyInfo) by its curve: one that is compressed has fewer, one with the curve's numbers more. */
const keySizes: Readonly<Record<string, number>> = { secp224r1: 80, prime256v1: 91, secp384r1: 120, secp521r1: 158 };

/**
 * The certificates in Base64 of PEM, of which there is at least one; undefined for anything else, and where a key is none of
 * {@link publicKeys}. Text around them does not count, but no other block may be among them, such as a key: what is read here
 * is shown in the cluster.
 */
export function readCertificates(text: string): [X509Certificate, ...X509Certificate[]] | undefined {
  const blocks = blocksIn(text);
  if (blocks.length > mostCertificates || blocks.some(({ label }) => label !== "CERTIFICATE")) return undefined;
  try {
    const [first, ...others] = blocks.map(({ pem }) => new X509Certificate(pem));
    return first && [first, ...others].every(({ publicKey }) => isUsable(publicKey)) ? [first, ...others] : undefined;
  } catch {
    return undefined;
  }
}

function isUsable(key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") return modulusLength >= shortestModulus;
  if (key.asymmetricKeyType !== "ec") return key.asymmetricKeyType === "ed25519";
  return key.export({ type: "spki", format: "der" }).length === keySizes[namedCurve];
}

/** The private key in Base64 of PEM; undefined for anything else, and for a key behind a password. */
export function readPrivateKey(text: string): KeyObject | undefined {
  const [key] = blocksIn(text).filter(({ label }) => label.endsWith("PRIVATE KEY"));
  try {
    return key && createPrivateKey(key.pem);
  } catch {
    return undefined;
  }
}

/** None where not all of them can be read. */
function blocksIn(text: string): Block[] {
  if (!base64.holds(text)) return [];
  const decoded = Buffer.from(text, "base64").toString("latin1");
  const blocks = [...decoded.matchAll(block)].map(([pem, label = ""]) => ({ label, pem }));
  return blocks.length === decoded.split("-----BEGIN ").length - 1 ? blocks : [];
}
