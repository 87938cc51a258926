import { stringify } from "yaml";

/**
 * The API server's EncryptionConfiguration (YAML) that keeps Secrets unreadable in etcd. There is no provider for plain
 * text: with the first Secret encrypted, one that is not has not come from the API server.
 *
 * @param keyName Any text; stands in front of each value in etcd, in the characters that the format allows there.
 * @param key 32 bytes in base64.
 */
export function encryptionConfiguration(keyName: string, key: string): string {
  const keys = [{ name: keyNameInEtcd(keyName), secret: key }];
  return stringify({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [{ resources: ["secrets"], providers: [{ secretbox: { keys } }] }],
  });
}

/** In etcd the name ends at a colon: `k8s:enc:secretbox:v1:<name>:`. It may not be empty either. */
function keyNameInEtcd(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, "-") || "key";
}
