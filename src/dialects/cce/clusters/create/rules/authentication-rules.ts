import type { X509Certificate } from "node:crypto";
import type { Violation } from "../../../../common/errors/violations.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import { mostCertificates, publicKeys, readCertificates, readPrivateKey } from "../pem.ts";
import type { Rule } from "./rule.ts";

const proxyMember = "spec.authentication.authenticatingProxy";

/** Members of the proxy; their values are in no message. */
type Member = "ca" | "cert" | "privateKey";

const refuse = (member: Member, rule: string, wayOut?: string): Violation => ({
  parameter: `${proxyMember}.${member}`,
  rule,
  wayOut,
});

const needed: Rule = ({ authentication: { mode, authenticatingProxy } = {} }) =>
  mode === "authenticating_proxy" && !authenticatingProxy?.ca
    ? [missing(`${proxyMember}.ca`, "give the Base64 of the PEM certificate that the proxy's own is signed by")]
    : [];

const certificatesOnly = `must be Base64 of 1 to ${mostCertificates} PEM certificates, and of nothing else, with keys that are ${publicKeys}`;

const certificates: Rule = ({ authentication: { authenticatingProxy: proxy = {} } = {} }) =>
  (["ca", "cert"] as const).flatMap((member) => {
    const value = proxy[member];
    if (value === undefined || readCertificates(value)) return [];
    return [refuse(member, certificatesOnly, "e.g. from base64 -w0 ca.crt")];
  });

const key: Rule = ({ authentication: { authenticatingProxy: { privateKey, cert } = {} } = {} }) => {
  if (privateKey === undefined) return [];
  const read = readPrivateKey(privateKey);
  if (!read) return [refuse("privateKey", "must be Base64 of a PEM private key without a password")];
  const certificate = cert === undefined ? undefined : readCertificates(cert)?.[0];
  return !certificate || certificate.checkPrivateKey(read)
    ? []
    : [refuse("privateKey", `must belong to ${proxyMember}.cert`, "give both or neither")];
};

const together: Rule = ({ authentication: { authenticatingProxy: { privateKey, cert } = {} } = {} }) => {
  if ((privateKey === undefined) === (cert === undefined)) return [];
  return [
    missing(
      `${proxyMember}.${cert === undefined ? "cert" : "privateKey"}`,
      "give both cert and privateKey, or neither",
    ),
  ];
};

const signature: Rule = ({ authentication: { authenticatingProxy: { ca, cert } = {} } = {} }) => {
  const [signers, signed] = [ca, cert].map((text) => (text === undefined ? undefined : readCertificates(text)));
  if (!signers || !signed || isSignedBy(signed, signers)) return [];
  return [refuse("cert", `must be signed by ${proxyMember}.ca`, "leave cert and privateKey out: they are not needed")];
};

/** Whether the first certificate is signed by one of the others, perhaps through those that follow it. */
function isSignedBy([first, ...between]: readonly X509Certificate[], signers: readonly X509Certificate[]): boolean {
  if (!first) return false;
  if (signers.some((signer) => issued(signer, first))) return true;
  const next = between.findIndex((one) => issued(one, first));
  return next >= 0 && isSignedBy(between.slice(next), signers);
}

const issued = (signer: X509Certificate, signed: X509Certificate): boolean =>
  signed.checkIssued(signer) && signed.verify(signer.publicKey);

/** The rules of the proxy that says who sends a request. No message has a certificate or a key in it. */
export const authenticationRules: readonly Rule[] = [needed, certificates, key, together, signature];
