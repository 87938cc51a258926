import { randomBytes } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";
// @peculiar/x509 builds on tsyringe, which refuses to load without it.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { createKeyPair, importKeyPair } from "./keys.ts";

/** PEM texts of a certificate and of its private key (PKCS #8). */
export interface CertificateAndKey {
  cert: string;
  key: string;
}

/** A certificate authority: its own certificate and the key that signs. */
export type CertificateAuthority = CertificateAndKey;

/** What a certificate may be used for in TLS. */
type CertificateUsage = "server" | "client";

/** What a leaf certificate says. */
export interface CertificateRequest {
  /** `CN`: for Kubernetes clients the user name. */
  commonName: string;
  /** `O`: for Kubernetes clients the groups. */
  organizations?: readonly string[];
  /** Names for the serving certificate, lower-case ASCII; a leading `*.` is allowed. */
  dnsNames?: readonly string[];
  /** IPv4 and IPv6 addresses in any spelling, without a zone. */
  ipAddresses?: readonly string[];
  usages: readonly CertificateUsage[];
  /** Time until the certificate ends, but never later than its authority. Default: as long as the authority. */
  lifetimeMinutes?: number;
}

/** Clocks differ: a certificate is valid a little before it was made. */
const clockSkewMs = 5 * 60_000;
/** Ten years, as kubeadm's authorities. */
const authorityLifetimeMs = 3650 * 24 * 3_600_000;
const signature = { name: "ECDSA", hash: "SHA-256" };
const extendedUsages: Record<CertificateUsage, string> = {
  server: x509.ExtendedKeyUsage.serverAuth,
  client: x509.ExtendedKeyUsage.clientAuth,
};

/** Makes a self-signed authority with a new ECDSA P-256 key, valid for ten years. */
export async function createCertificateAuthority(commonName: string): Promise<CertificateAuthority> {
  const { keys, privateKeyPem } = await createKeyPair();
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: [{ CN: [commonName] }],
    notBefore: new Date(now - clockSkewMs),
    notAfter: new Date(now + authorityLifetimeMs),
    signingAlgorithm: signature,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { cert: toPem(certificate), key: privateKeyPem };
}

/**
 * Issues a leaf certificate with a new ECDSA P-256 key and a random serial number.
 *
 * @throws where a DNS name or an address cannot stand in a certificate.
 */
export async function issueCertificate(
  authority: CertificateAuthority,
  request: CertificateRequest,
): Promise<CertificateAndKey> {
  const issuer = new x509.X509Certificate(authority.cert);
  const [signingKeys, { keys, privateKeyPem }] = await Promise.all([importKeyPair(authority.key), createKeyPair()]);
  const now = Date.now();
  const wantedEnd = request.lifetimeMinutes === undefined ? Infinity : now + request.lifetimeMinutes * 60_000;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: [{ CN: [request.commonName] }, ...(request.organizations ?? []).map((name) => ({ O: [name] }))],
    issuer: issuer.subjectName.toJSON(),
    notBefore: new Date(Math.max(now - clockSkewMs, issuer.notBefore.getTime())),
    notAfter: new Date(Math.min(wantedEnd, issuer.notAfter.getTime())),
    signingAlgorithm: signature,
    signingKey: signingKeys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(request.usages.map((usage) => extendedUsages[usage])),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      ...subjectAlternativeNames(request),
    ],
  });
  return { cert: toPem(certificate), key: privateKeyPem };
}

function subjectAlternativeNames({ dnsNames = [], ipAddresses = [] }: CertificateRequest): x509.Extension[] {
  const names: x509.JsonGeneralNames = [
    ...[...new Set(dnsNames.map(checkedDnsName))].map((value) => ({ type: "dns" as const, value })),
    ...[...new Set(ipAddresses.map(checkedAddress))].map((value) => ({ type: "ip" as const, value })),
  ];
  return names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)];
}

function checkedDnsName(name: string): string {
  if (/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(name)) return name.toLowerCase();
  throw new Error(
    `"${name}" cannot stand in a certificate as a DNS name: write ASCII labels of letters, digits, "-" and "_", ` +
      `joined by dots, and a wildcard only as a leading "*.".`,
  );
}

/** The address in its one shortest spelling, without an IPv4 tail: the encoder gets other spellings wrong. */
function checkedAddress(address: string): string {
  if (isIPv4(address)) return address;
  // A zone (`%eth0`) is a machine's own name for a link, and has no place in a certificate.
  if (isIPv6(address) && !address.includes("%")) return new URL(`http://[${address}]/`).hostname.slice(1, -1);
  throw new Error(`"${address}" cannot stand in a certificate as an address: write an IPv4 or IPv6 address.`);
}

/** 16 random bytes with the top bits 01: positive and never shortened in DER. */
function randomSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return bytes.toString("hex");
}

function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString("pem").trim()}\n`;
}
