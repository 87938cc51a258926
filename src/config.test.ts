import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const messageOf = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error("The settings were accepted.");
};

describe("settings", () => {
  it("have the documented defaults", () => {
    const config = readConfig({ HOME: "/home/someone" });
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 7080,
      substrate: "local",
      versionPolicy: "nearest",
      logLevel: "info",
    });
    expect(config.databaseUrl).toBeUndefined();
    expect(config.home).toMatch(/\/\.sampan$/);
    expect(config.distributionDirectory).toMatch(/\/\.cache\/sampan$/);
  });

  it("come from the environment", () => {
    const config = readConfig({
      SAMPAN_HOME: "/srv/sampan",
      SAMPAN_HOST: "::1",
      SAMPAN_PORT: "0",
      SAMPAN_ACCESS_KEY_ID: "LTAI5tExample",
      SAMPAN_ACCESS_KEY_SECRET: "aSecretOfSomeLength",
      SAMPAN_PROJECT_ID: "0123456789abcdef0123456789abcdef",
      SAMPAN_REGION: "cn-east-3",
      SAMPAN_DOMAIN_NAME: "acme",
      SAMPAN_USER_NAME: "alice",
      SAMPAN_USER_PASSWORD: "correct-horse",
      SAMPAN_DATABASE_URL: "postgresql://sampan@localhost/sampan",
      SAMPAN_ALLOWED_HOSTS: "sampan, *.Internal,sampan.example.com",
      SAMPAN_CONCURRENT_TASKS: "5",
      SAMPAN_KUBERNETES_RELEASE_URL: "http://mirror.example/k8s/",
    });
    expect(config).toMatchObject({
      home: "/srv/sampan",
      host: "::1",
      port: 0,
      accessKeyId: "LTAI5tExample",
      region: "cn-east-3",
      domainName: "acme",
      userName: "alice",
      userPassword: "correct-horse",
      allowedHosts: ["sampan", "*.internal", "sampan.example.com"],
      concurrentTasks: 5,
      databaseUrl: "postgresql://sampan@localhost/sampan",
      kubernetesReleaseUrl: "http://mirror.example/k8s",
    });
  });

  it("count as unset when they are empty", () => {
    expect(readConfig({ SAMPAN_PORT: "", SAMPAN_DATABASE_URL: " " })).toMatchObject({
      port: 7080,
      databaseUrl: undefined,
    });
  });
});

describe("a bad setting stops the start with a sentence that names it", () => {
  it.each([
    ["SAMPAN_PORT", "70000", 'SAMPAN_PORT is "70000", but must be a whole number from 0 to 65535.'],
    ["SAMPAN_PORT", "http", 'SAMPAN_PORT is "http", but must be a whole number from 0 to 65535.'],
    ["SAMPAN_HOST", "example.org", 'SAMPAN_HOST is "example.org", but must be an IP address or localhost.'],
    ["SAMPAN_SUBSTRATE", "moon", 'SAMPAN_SUBSTRATE is "moon", but must be one of local.'],
    ["SAMPAN_PROJECT_ID", "ABC", 'SAMPAN_PROJECT_ID is "ABC", but must be 32 lower-case hexadecimal digits.'],
    ["SAMPAN_REGION", "CN North 4", 'SAMPAN_REGION is "CN North 4", but must be a region as in cn-north-4'],
    ["SAMPAN_DOMAIN_NAME", "a b", 'SAMPAN_DOMAIN_NAME is "a b", but must be 1 to 64 letters, digits and'],
    ["SAMPAN_USER_NAME", "x".repeat(65), "SAMPAN_USER_NAME"],
    ["SAMPAN_ALLOWED_HOSTS", "*", 'SAMPAN_ALLOWED_HOSTS is "*", but must be host names, separated by commas'],
    ["SAMPAN_ALLOWED_HOSTS", "http://sampan", "SAMPAN_ALLOWED_HOSTS"],
    ["SAMPAN_LOG_LEVEL", "loud", "SAMPAN_LOG_LEVEL"],
    ["SAMPAN_VERSION_POLICY", "any", "SAMPAN_VERSION_POLICY"],
    ["SAMPAN_ETCD_RELEASE_URL", "ftp://mirror", "SAMPAN_ETCD_RELEASE_URL"],
  ])("%s=%s", (variable, value, message) => {
    expect(messageOf({ [variable]: value })).toContain(message);
  });

  it("and with all of them at once", () => {
    const message = messageOf({ SAMPAN_PORT: "x", SAMPAN_HOST: "y", SAMPAN_HORST: "z" });
    expect(message).toContain("SAMPAN_PORT");
    expect(message).toContain("SAMPAN_HOST is");
    expect(message).toContain("SAMPAN_HORST is not a setting of Sampan");
  });

  it("without repeating a secret or an address that may hold one", () => {
    const message = messageOf({
      SAMPAN_ACCESS_KEY_SECRET: "kurz",
      SAMPAN_USER_PASSWORD: "to live",
      SAMPAN_DATABASE_URL: "mysql://root:hunter22@db/x",
    });
    expect(message).toContain("SAMPAN_ACCESS_KEY_SECRET is set, but must be");
    expect(message).toContain("SAMPAN_USER_PASSWORD is set, but must be");
    expect(message).toContain("SAMPAN_DATABASE_URL is set, but must be");
    expect(message).not.toMatch(/kurz|to live|hunter22/);
  });

  it("when a key comes without its secret", () => {
    expect(messageOf({ SAMPAN_ACCESS_KEY_ID: "LTAI5tExample" })).toContain("belong together");
  });
});
