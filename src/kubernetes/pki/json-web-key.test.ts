import { createPublicKey } from "node:crypto";
import { expect, test } from "vitest";
import { serviceAccountJsonWebKey } from "./json-web-key.ts";

/** Made with `openssl ecparam -name prime256v1 -genkey`. */
const publicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENfuaI8yGwH67FSi+oS/aKgx0LWkU
HFsClUdDF86AVLWWCIEgoMKBG3ACDn+MdPQPPr8m5AJeV/posZ4OMq8P4A==
-----END PUBLIC KEY-----
`;

test("a service-account key is published with the coordinates and the digest that openssl computes", () => {
  expect(serviceAccountJsonWebKey(publicKey)).toEqual({
    use: "sig",
    kty: "EC",
    // openssl ec -pubin -outform DER | openssl dgst -sha256 -binary | base64
    kid: "shUirxKZJKIL5zK5DGZF0Qu9HuTTFUUQq_knXTqDhVc",
    alg: "ES256",
    crv: "P-256",
    x: "NfuaI8yGwH67FSi-oS_aKgx0LWkUHFsClUdDF86AVLU",
    y: "lgiBIKDCgRtwAg5_jHT0Dz6_JuQCXlf6aLGeDjKvD-A",
  });
});

test("what is published is the same key", () => {
  const key = createPublicKey({ key: { ...serviceAccountJsonWebKey(publicKey) }, format: "jwk" });
  expect(key.equals(createPublicKey(publicKey))).toBe(true);
});
