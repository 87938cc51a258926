import { auditPolicy } from "../components/audit-policy.ts";
import type { ControlPlane, ControlPlaneMember } from "../control-plane.ts";
import { memberPaths } from "../member-paths.ts";
import type { ClusterSecrets } from "./cluster-secrets.ts";
import { encryptionConfiguration } from "./encryption-configuration.ts";
import { file, type PkiFile } from "./pki-file.ts";

/** The files that a member's API server reads beside its certificates. The same at every call. */
export function configurationFiles(
  secrets: Pick<ClusterSecrets, "secret-encryption.key" | "front-proxy-ca.crt">,
  { apiServer, secretEncryption }: ControlPlane,
  { directory }: ControlPlaneMember,
): PkiFile[] {
  const paths = memberPaths(directory);
  const files: PkiFile[] = [];
  if (apiServer.auditLog) files.push(file(paths.auditPolicy, auditPolicy));
  if (secretEncryption !== undefined)
    files.push(
      file(paths.encryptionConfig, encryptionConfiguration(secretEncryption.keyName, secrets["secret-encryption.key"])),
    );
  if (apiServer.authenticatingProxyCa !== undefined)
    // The first is the aggregator's, which goes on speaking for users, too.
    files.push(
      file(paths.requestHeaderCa, `${secrets["front-proxy-ca.crt"]}${apiServer.authenticatingProxyCa.trim()}\n`),
    );
  return files;
}
