import { createPrivateKey, X509Certificate } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { type CertificateAuthority, createCertificateAuthority, issueCertificate } from "./certificates.ts";

const dayMs = 24 * 3_600_000;
const serverAuth = "1.3.6.1.5.5.7.3.1";
const clientAuth = "1.3.6.1.5.5.7.3.2";

let authority: CertificateAuthority;
beforeAll(async () => {
  authority = await createCertificateAuthority("kubernetes");
});

describe("a certificate authority", () => {
  it("signs itself and may sign others", () => {
    const certificate = new X509Certificate(authority.cert);
    expect(certificate.subject).toBe("CN=kubernetes");
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(authority.key))).toBe(true);
  });

  it("is valid from a little before now for ten years", () => {
    const { validFromDate, validToDate } = new X509Certificate(authority.cert);
    expect(validFromDate.getTime()).toBeLessThan(Date.now() - 60_000);
    expect(validToDate.getTime() - Date.now()).toBeGreaterThan(3649 * dayMs);
  });

  it("has a P-256 key in PKCS #8", () => {
    expect(authority.key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(createPrivateKey(authority.key).asymmetricKeyDetails).toEqual({ namedCurve: "prime256v1" });
  });
});

describe("an issued certificate", () => {
  it("chains to its authority and fits its key", async () => {
    const { cert, key } = await issueCertificate(authority, { commonName: "someone", usages: ["client"] });
    const certificate = new X509Certificate(cert);
    expect(certificate.checkIssued(new X509Certificate(authority.cert))).toBe(true);
    expect(certificate.verify(new X509Certificate(authority.cert).publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it("carries the user's name and groups", async () => {
    const { cert } = await issueCertificate(authority, {
      commonName: "kubernetes-admin",
      organizations: ["system:masters", "auditors"],
      usages: ["client"],
    });
    expect(new X509Certificate(cert).subject).toBe("CN=kubernetes-admin\nO=system:masters\nO=auditors");
  });

  it.each([
    { usages: ["server"] as const, oids: [serverAuth] },
    { usages: ["client"] as const, oids: [clientAuth] },
    { usages: ["server", "client"] as const, oids: [serverAuth, clientAuth] },
  ])("may be used as $usages and nothing else", async ({ usages, oids }) => {
    const { cert } = await issueCertificate(authority, { commonName: "any", usages });
    expect(new X509Certificate(cert).keyUsage).toEqual(oids);
  });

  it("is good for its names and addresses, and for no others", async () => {
    const { cert } = await issueCertificate(authority, {
      commonName: "kube-apiserver",
      dnsNames: ["kubernetes.default.svc", "*.Example.com"],
      ipAddresses: ["127.64.1.1", "fd00::1"],
      usages: ["server"],
    });
    const certificate = new X509Certificate(cert);
    expect(certificate.checkHost("kubernetes.default.svc")).toBe("kubernetes.default.svc");
    expect(certificate.checkHost("api.example.com")).toBe("*.example.com");
    expect(certificate.checkHost("example.com")).toBeUndefined();
    expect(certificate.checkHost("kube-apiserver")).toBeUndefined();
    expect(certificate.checkIP("127.64.1.1")).toBe("127.64.1.1");
    expect(certificate.checkIP("fd00::1")).toBe("fd00::1");
    expect(certificate.checkIP("127.64.1.2")).toBeUndefined();
  });

  it("names each of its names once", async () => {
    const { cert } = await issueCertificate(authority, {
      commonName: "any",
      dnsNames: ["a.example", "A.example"],
      ipAddresses: ["10.0.0.1", "10.0.0.1"],
      usages: ["server"],
    });
    expect(new X509Certificate(cert).subjectAltName).toBe("DNS:a.example, IP Address:10.0.0.1");
  });

  it.each([
    ["::FFFF:10.0.0.1", "::ffff:10.0.0.1"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"],
    ["2001:0DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["::", "::"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
  ])("is good for %s however that is spelled, and names it once", async (written, spelled) => {
    const request = { commonName: "any", ipAddresses: [written, spelled], usages: ["server"] as const };
    const certificate = new X509Certificate((await issueCertificate(authority, request)).cert);
    expect(certificate.checkIP(written)).toBe(written);
    expect(certificate.checkIP(spelled)).toBe(spelled);
    expect(certificate.subjectAltName?.split(", ")).toHaveLength(1);
  });

  it("is good for any IPv6 address", async () => {
    const ipAddresses = fc.sample(fc.ipV6(), 200);
    const { cert } = await issueCertificate(authority, { commonName: "any", ipAddresses, usages: ["server"] });
    const certificate = new X509Certificate(cert);
    for (const address of ipAddresses) expect(certificate.checkIP(address), address).toBe(address);
  });

  it.each([
    { lifetimeMinutes: 15, expectedMs: 15 * 60_000 },
    { lifetimeMinutes: 60 * 24 * 365, expectedMs: 365 * dayMs },
  ])("ends $lifetimeMinutes minutes from now where that is asked for", async ({ lifetimeMinutes, expectedMs }) => {
    const { cert } = await issueCertificate(authority, { commonName: "any", usages: ["client"], lifetimeMinutes });
    const end = new X509Certificate(cert).validToDate.getTime();
    expect(Math.abs(end - Date.now() - expectedMs)).toBeLessThan(60_000);
  });

  it.each([undefined, 60 * 24 * 36_500])("never outlives its authority (asked for %s minutes)", async (lifetime) => {
    const request = { commonName: "any", usages: ["client"] as const, lifetimeMinutes: lifetime };
    const { cert } = await issueCertificate(authority, request);
    expect(new X509Certificate(cert).validTo).toBe(new X509Certificate(authority.cert).validTo);
  });

  it("has a positive random serial number of 16 bytes", async () => {
    const issue = () => issueCertificate(authority, { commonName: "any", usages: ["client"] });
    const certificates = await Promise.all(Array.from({ length: 20 }, issue));
    const serials = certificates.map(({ cert }) => new X509Certificate(cert).serialNumber);
    expect(new Set(serials).size).toBe(20);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it("any name of letters, digits and hyphens comes out as it went in", async () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
    const name = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
    const names = fc.uniqueArray(name, { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(names, fc.ipV4(), async (dnsNames, address) => {
      const request = { commonName: "any", dnsNames, ipAddresses: [address], usages: ["server"] as const };
      const { subjectAltName } = new X509Certificate((await issueCertificate(authority, request)).cert);
      expect(subjectAltName?.split(", ")).toEqual([...dnsNames.map((one) => `DNS:${one}`), `IP Address:${address}`]);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  it.each(["", "a b", "bücher.example", "*", "a.*.example", "*.*.example", "a..b", "http://a.example", "a.example."])(
    "refuses %j as a DNS name",
    async (name) => {
      const request = { commonName: "any", dnsNames: [name], usages: ["server"] as const };
      await expect(issueCertificate(authority, request)).rejects.toThrow("cannot stand in a certificate as a DNS name");
    },
  );

  it.each(["", "10.0.0", "10.0.0.256", "10.0.0.0/8", "fe80::1%eth0", "kubernetes"])(
    "refuses %j as an address",
    async (address) => {
      const request = { commonName: "any", ipAddresses: [address], usages: ["server"] as const };
      await expect(issueCertificate(authority, request)).rejects.toThrow("write an IPv4 or IPv6 address");
    },
  );
});
