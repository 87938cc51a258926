import { randomBytes } from "node:crypto";
import { createCertificateAuthority } from "./certificates.ts";
import { createKeyPair, publicKeyOf } from "./keys.ts";

/**
 * All key material of a cluster that must survive: as PEM the three authorities as kubeadm has them and the key pair
 * that signs service-account tokens, and in base64 the 32 bytes that encrypt Secrets in etcd where that is asked for.
 * Leaf certificates can be issued again from it at any time.
 *
 * Keep it encrypted, and as one value: with parts from two runs, certificates would not match their keys.
 */
export type ClusterSecrets = Record<ClusterSecretName, string>;

/** Names of {@link ClusterSecrets}, after the files that hold them. */
export const clusterSecretNames = [
  "ca.crt",
  "ca.key",
  "etcd-ca.crt",
  "etcd-ca.key",
  "front-proxy-ca.crt",
  "front-proxy-ca.key",
  "sa.key",
  "sa.pub",
  "secret-encryption.key",
] as const;

/** Name of one of {@link ClusterSecrets}. */
export type ClusterSecretName = (typeof clusterSecretNames)[number];

/** What secretbox (XSalsa20 and Poly1305) takes. */
const encryptionKeyBytes = 32;

/** Makes the authorities and keys of a new cluster. */
export async function createClusterSecrets(): Promise<ClusterSecrets> {
  const [ca, etcdCa, frontProxyCa, { privateKeyPem }] = await Promise.all([
    createCertificateAuthority("kubernetes"),
    createCertificateAuthority("etcd-ca"),
    createCertificateAuthority("front-proxy-ca"),
    createKeyPair(),
  ]);
  return {
    "ca.crt": ca.cert,
    "ca.key": ca.key,
    "etcd-ca.crt": etcdCa.cert,
    "etcd-ca.key": etcdCa.key,
    "front-proxy-ca.crt": frontProxyCa.cert,
    "front-proxy-ca.key": frontProxyCa.key,
    "sa.key": privateKeyPem,
    "sa.pub": publicKeyOf(privateKeyPem),
    "secret-encryption.key": randomBytes(encryptionKeyBytes).toString("base64"),
  };
}
