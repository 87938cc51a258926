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

const pemOf = (...der: string[]): string =>
  `-----BEGIN CERTIFICATE-----\n${der.join("\n")}\n-----END CERTIFICATE-----\n`;

/** Certificates made with OpenSSL, because of their keys: the API server can read the last one alone. Good until 2126. */
export const unusual = {
  /** A key on the curve secp256k1. */
  koblitz: pemOf(
    "MIIBfDCCASKgAwIBAgIUFvq/tSpGq2NbuVDvmz/zabiVycAwCgYIKoZIzj0EAwIwFDESMBAGA1UEAwwJc2VjcDI1NmsxMCAXDTI2",
    "MTEyMjExMTU0NloYDzIxMjYxMDI5MTExNTQ2WjAUMRIwEAYDVQQDDAlzZWNwMjU2azEwVjAQBgcqhkjOPQIBBgUrgQQACgNCAARV",
    "Shwj4aLWMqRgctvULUYArWZe8U29LHYSwciTwSxmlWh5ojxUwbeJxZyzfC8VAINMUwGUbMKro+c62oT0/2Q/o1MwUTAdBgNVHQ4E",
    "FgQUzBC0DapaBEVe3eiK0XXFZk0sUX0wHwYDVR0jBBgwFoAUzBC0DapaBEVe3eiK0XXFZk0sUX0wDwYDVR0TAQH/BAUwAwEB/zAK",
    "BggqhkjOPQQDAgNIADBFAiEAq0Hdo+52eF2CnDxqipROcpb2pMphWtfa4rd+OTevHyICIGVdY+VCIbuTFmznprEuYF28w5t97eOn",
    "ohs8950bLjaa",
  ),
  /** A key on P-256, with the numbers of the curve in place of its name. */
  explicitCurve: pemOf(
    "MIICcjCCAhegAwIBAgIUTTPVWpS3VyXibawveRUDLG0wIXkwCgYIKoZIzj0EAwIwEzERMA8GA1UEAwwIZXhwbGljaXQwIBcNMjYx",
    "MTIyMTExNTQ2WhgPMjEyNjEwMjkxMTE1NDZaMBMxETAPBgNVBAMMCGV4cGxpY2l0MIIBSzCCAQMGByqGSM49AgEwgfcCAQEwLAYH",
    "KoZIzj0BAQIhAP////8AAAABAAAAAAAAAAAAAAAA////////////////MFsEIP////8AAAABAAAAAAAAAAAAAAAA////////////",
    "///8BCBaxjXYqjqT57PrvVV2mIa8ZR0GsMxTsPY7zjw+J9JgSwMVAMSdNgiG5wSTamZ44ROdJreBn36QBEEEaxfR8uEsQkf4vObl",
    "Y6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9QIhAP////8AAAAA//////////+85vqt",
    "pxeehPO5ysL8YyVRAgEBA0IABMmnq4dXX/PyASy0R0kAZzTGme0dp79VwFEZvcNI85kxXCoKJ41H4MtaU13Azc3sXwMB0GkwUpbi",
    "Java0tcyNA2jUzBRMB0GA1UdDgQWBBQFuSb/X2RT3gTFdQho0syoH91bNDAfBgNVHSMEGDAWgBQFuSb/X2RT3gTFdQho0syoH91b",
    "NDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCx3W8lxxfOxQOlRRjWVgWxNvi00mOiVFIAlauT4memOwIhAPVd",
    "KvoXXa7WwLhcLvNEIQ5TP2jkf3pE4YFRQWMOX9WC",
  ),
  /** A key on P-256, compressed. */
  compressed: pemOf(
    "MIIBYTCCAQegAwIBAgIUU0qGZ4MTqvBDdrBJ/w6vky679p4wCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKY29tcHJlc3NlZDAgFw0y",
    "NjExMjIxMTE2MjBaGA8yMTI2MTAyOTExMTYyMFowFTETMBEGA1UEAwwKY29tcHJlc3NlZDA5MBMGByqGSM49AgEGCCqGSM49AwEH",
    "AyIAAmPnWbJ4i4ivk2Qhu8ok6C2icrce1ereVxTfD9fM3Pmoo1MwUTAdBgNVHQ4EFgQU/T/PMyJHiF3DFrrOOHx6kQhHFrowHwYD",
    "VR0jBBgwFoAU/T/PMyJHiF3DFrrOOHx6kQhHFrowDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAj7CpjKeRiE+O",
    "1Yi9wzfK54mYKRS+Z6pD9Fkf3Edy2JMCIDbnK8Ih3dSNlfGbMGBLQdcJ0HcUozC9OxdccxjTr0Iw",
  ),
  /** An RSA key of 512 bits. */
  weakRsa: pemOf(
    "MIIBezCCASWgAwIBAgIUDKOvansKWIbiAWQkXS5SYMVIUcAwDQYJKoZIhvcNAQELBQAwETEPMA0GA1UEAwwGcnNhNTEyMCAXDTI2",
    "MTEyMjExMTU0NloYDzIxMjYxMDI5MTExNTQ2WjARMQ8wDQYDVQQDDAZyc2E1MTIwXDANBgkqhkiG9w0BAQEFAANLADBIAkEAyrzV",
    "YhfsqXscgzyaLSkxf+7tUg5kDZBsfsLEgFBIij1FmJ1YoMcVyAi/Uh1RCV+ybLwpBL24tOPwTLNP84614QIDAQABo1MwUTAdBgNV",
    "HQ4EFgQUmvRktLUcPF+vSCsyXPaC6CTMwmswHwYDVR0jBBgwFoAUmvRktLUcPF+vSCsyXPaC6CTMwmswDwYDVR0TAQH/BAUwAwEB",
    "/zANBgkqhkiG9w0BAQsFAANBACv6b3LSsii/jTBxb67nWsv6wmUMQFuH+cRUtJgjdlPQmYDEoPIgvGqApmTSR6eKgVC2ndodlQ6p",
    "94LgNPc69cQ=",
  ),
  /** An Ed448 key. */
  ed448: pemOf(
    "MIIBgjCCAQKgAwIBAgIUSd3aiaSJcYRU8dBmcdNGhJJqcHQwBQYDK2VxMBAxDjAMBgNVBAMMBWVkNDQ4MCAXDTI2MTEyMjExMTU0",
    "NloYDzIxMjYxMDI5MTExNTQ2WjAQMQ4wDAYDVQQDDAVlZDQ0ODBDMAUGAytlcQM6AII/W0yohf//dMR/R1uQks+K4XTdwksyyCuG",
    "06RRGzkOwLLa5VHcOu+d/Ep+NgwR0A/DeAdjxwgrgKNTMFEwHQYDVR0OBBYEFKLGWtMNjdAxUAHtZVMQtHJLowh5MB8GA1UdIwQY",
    "MBaAFKLGWtMNjdAxUAHtZVMQtHJLowh5MA8GA1UdEwEB/wQFMAMBAf8wBQYDK2VxA3MAOdn9JcCpw2mCdeudKaSb6mRNoGmc0BcL",
    "cuh5QRB6sJxQmxN5AR6tkf8BODkJLVXxLQDhjxxfoyYAwOJGLjKkfQeFr4NGUk5ADci9dER8oS8efNXYFwiOzNA+PEUnMEIOW7EV",
    "2+FXRPjXMtXfW77fliEA",
  ),
  /** An Ed25519 key. */
  ed25519: pemOf(
    "MIIBOjCB7aADAgECAhRx0SjRML0hVV32TJCTTZM+bCcoNTAFBgMrZXAwEjEQMA4GA1UEAwwHZWQyNTUxOTAgFw0yNjExMjIxMTE1",
    "NDZaGA8yMTI2MTAyOTExMTU0NlowEjEQMA4GA1UEAwwHZWQyNTUxOTAqMAUGAytlcAMhAPMV+iYNKsBPyZJTGMDyTvPV8//jZd3z",
    "jXmwE4mPdgylo1MwUTAdBgNVHQ4EFgQU8LGYPMY0Nww23WPD4qFpL9ls2fEwHwYDVR0jBBgwFoAU8LGYPMY0Nww23WPD4qFpL9ls",
    "2fEwDwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQDChcw6xlCM4XVwTLn76/ZxsZBDXlRkBg47tTYOg08uRAAdcXE5zNoulDAgy9/l",
    "4JrLlvxrnOJwDwLeCrkayPIH",
  ),
};
