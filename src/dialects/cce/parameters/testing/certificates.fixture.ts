import { generateKeyPairSync, randomBytes, webcrypto } from "node:crypto";
// @peculiar/x509 builds on tsyringe, which refuses to load without it.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

const elliptic = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const rsa = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

const generateKeys = (algorithm: typeof elliptic | typeof rsa): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

const dates = { notBefore: new Date("2020-01-01"), notAfter: new Date("2120-01-01") };
const serialNumber = () => `01${randomBytes(8).toString("hex")}`;

async function authority(name: string, algorithm: typeof elliptic | typeof rsa = elliptic) {
  const keys = await generateKeys(algorithm);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { keys, pem: certificate.toString("pem"), name };
}

async function signed(by: Awaited<ReturnType<typeof authority>>, name: string, isAuthority = false) {
  const keys = await generateKeys(elliptic);
  const certificate = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    issuer: `CN=${by.name}`,
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: elliptic,
    extensions: [new x509.BasicConstraintsExtension(isAuthority, undefined, true)],
  });
  return { keys, pem: certificate.toString("pem"), name };
}

const keyPem = async ({ keys }: { keys: webcrypto.CryptoKeyPair }): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");

/** Base64, as the API takes PEM. */
export const packed = (...pems: string[]): string => Buffer.from(pems.join("\n")).toString("base64");

const ca = await authority("Proxies");
const other = await authority("Others");
/** Has the other's name, but not its key. */
const impostor = await authority("Proxies", rsa);
const proxy = await signed(ca, "proxy");
const between = await signed(ca, "Between", true);
const behind = await signed(between, "proxy behind");

/** A key in the old form that has a password; nobody needs to know it. */
const lockedKey = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: "secret" },
}).privateKey;

/** Certificates and keys as PEM. */
export const pems = {
  ca: ca.pem,
  otherCa: other.pem,
  impostorCa: impostor.pem,
  cert: proxy.pem,
  key: await keyPem(proxy),
  otherKey: await keyPem(other),
  rsaKey: await keyPem(impostor),
  /** Signed by an authority that is signed by `ca`, which follows it. */
  chain: `${behind.pem}\n${between.pem}`,
  chainKey: await keyPem(behind),
  lockedKey,
};
