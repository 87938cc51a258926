import { describe, expect, it } from "vitest";
import { isCredentialName, withoutCredentials } from "./credentials.ts";

// Written in parts, so that nobody takes it for a key.
const pem = `-----BEGIN EC ${"PRIVATE"} KEY-----\nMHcC\n-----END EC ${"PRIVATE"} KEY-----\n`;
const webToken = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJl"].join(".");
const keyId = `LTAI${"4Fexample0000000"}`;

describe("what looks like a credential", () => {
  it.each([
    ...[
      "accessKeyId",
      "accessKeySecret",
      "AccessKeySecret",
      "access_key",
      "secret_key",
      "SecurityToken",
      "x-auth-token",
    ],
    ...["password", "login_password", "passwd", "secret", "token", "privateKey", "private_key", "apiKey", "ak", "sk"],
    ...["credentials", "Authorization", "client.secret"],
  ])("is a member named %s, wherever it is", (name) => {
    const body = { [name]: "Hunter2!", pools: [{ deep: { [name]: { value: "Hunter2!" }, other: 1 } }] };
    expect(withoutCredentials(body)).toEqual({
      [name]: "******",
      pools: [{ deep: { [name]: { value: "******" }, other: 1 } }],
    });
  });

  it.each([
    ["a private key", pem],
    ["a private key among other things", `note: ${pem}`],
    ["a web token", `Bearer ${webToken}`],
    ["the id of an access key", keyId],
  ])("is %s in any member", (_what, value) => {
    expect(withoutCredentials({ note: value, list: ["a", value] })).toEqual({ note: "******", list: ["a", "******"] });
  });

  it("is masked in JSON that is a text, of which the rest stays", () => {
    const config = JSON.stringify({ project: "p", auth: { AccessKeySecret: "Hunter2!" } });
    expect(withoutCredentials({ addons: [{ name: "a", config }] })).toEqual({
      addons: [{ name: "a", config: '{"project":"p","auth":{"AccessKeySecret":"******"}}' }],
    });
  });

  it.each([
    ["the id of an access key", { AccessKeyId: keyId, region: "x" }, { AccessKeyId: "******", region: "x" }],
    ["a private key", { tls: { pem } }, { tls: { pem: "******" } }],
    ["a web token", [webToken, 1], ["******", 1]],
  ])("is masked in JSON that is a text and has %s: it stays JSON", (_what, written, masked) => {
    expect(JSON.parse(withoutCredentials(JSON.stringify(written)))).toEqual(masked);
  });

  it("is masked with all of a text that is too much JSON to be looked through", () => {
    const long = (name: string) =>
      JSON.stringify([...Array.from({ length: 1000 }, (_, n) => n), { [name]: "Hunter2!" }]);
    expect(withoutCredentials({ config: long("accessKeySecret") })).toEqual({ config: "******" });
    expect(withoutCredentials({ config: long("description") })).toEqual({ config: long("description") });
  });

  it("is the texts below such a name, not how the object is built", () => {
    const settings = { syncSecret: { enabled: true, retries: 3, value: "Hunter2!" }, token_ttl: 3600 };
    expect(withoutCredentials(settings)).toEqual({
      syncSecret: { enabled: true, retries: "******", value: "******" },
      token_ttl: 3600,
    });
  });

  it.each([
    [
      "a key pair's name, a certificate, a script",
      { key_pair: "k", user_ca: "-----BEGIN CERTIFICATE-----", user_data: "ZWNobw==" },
    ],
    ["names of other things", { client_token: "ct-1", http_tokens: "required", secretConfig: { type: "kms" } }],
    ["what is not there", { password: "", secret: null, token: {}, tokens: [] }],
    ["a flag", { rotate_secret: true }],
    ["JSON in its own form", { config: '{ "a" : 1 }', other: "{ no JSON" }],
    ["a range and a version", { cidr: "10.0.0.0/8", version: "1.20.4-aliyun.1" }],
  ])("is not %s", (_what, body) => {
    expect(withoutCredentials(body)).toEqual(body);
  });

  it("is not looked for within objects that are more than their members", () => {
    const error = new Error("a");
    expect(withoutCredentials({ err: error }).err).toBe(error);
  });

  it.each(["-----BEGIN ".repeat(90_000), "eyJ-".repeat(250_000), "LTAI".repeat(250_000), `${"[".repeat(500_000)}`])(
    "is looked for in a megabyte without delay (%#)",
    { timeout: 5_000 },
    (text) => {
      expect(withoutCredentials(text)).toBe(text);
    },
  );

  it("has a name that is compared without case and separators", () => {
    expect(["ACCESS_KEY", "Access-Key-Id", "accesskey"].map(isCredentialName)).toEqual([true, true, true]);
    expect(["access_control_list", "keys", "skip", "task"].map(isCredentialName)).toEqual([false, false, false, false]);
  });
});
