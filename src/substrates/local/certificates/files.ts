import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ControlPlane, ControlPlaneMember } from "../../../kubernetes/control-plane.ts";
import type { ClusterSecrets } from "../../../kubernetes/pki/cluster-secrets.ts";
import { configurationFiles } from "../../../kubernetes/pki/configuration-files.ts";
import { memberCertificates } from "../../../kubernetes/pki/control-plane-certificates.ts";
import { certificateFiles, pkiFiles } from "../../../kubernetes/pki/member-files.ts";
import type { PkiFile } from "../../../kubernetes/pki/pki-file.ts";
import { readIfThere, writeFileAtomically } from "../../../machine/files.ts";
import { processIdentity } from "../../../machine/processes.ts";
import type { ClusterSite } from "../site/site.ts";

/**
 * Writes every member's certificates, keys and kubeconfigs, where they are not there as the cluster needs them. Of a
 * cluster that runs, only those files are touched that something has changed for.
 */
export async function ensurePkiFiles({ controlPlane }: ClusterSite, secrets: ClusterSecrets): Promise<void> {
  await Promise.all(controlPlane.members.map((member) => ensureMemberFiles(controlPlane, secrets, member)));
}

/** What a member's files were made from, in digests. */
interface Stamp {
  /** Of what all of them depend on. */
  ground: string;
  /** Of each certificate, by name, and of the other configuration. */
  parts: Record<string, string>;
}

/** Name of the part that is no certificate. */
const configurationPart = "configuration";

/**
 * A stamp beside the files says what they were made from. It is removed before and written after them, so that files
 * of two unfinished runs, which would not match each other, are never taken for complete.
 */
async function ensureMemberFiles(
  controlPlane: ControlPlane,
  secrets: ClusterSecrets,
  member: ControlPlaneMember,
): Promise<void> {
  const stampFile = join(member.directory, "certificates.stamp");
  const wanted = stampOf(controlPlane, secrets, member);
  const found = parseStamp(await readIfThere(stampFile));
  const isSound = found?.ground === wanted.ground;
  const stale = Object.keys(wanted.parts).filter((name) => found?.parts[name] !== wanted.parts[name]);
  if (isSound && stale.length === 0) return;
  await rm(stampFile, { force: true });
  const files = isSound
    ? await staleFiles(controlPlane, secrets, member, stale)
    : await pkiFiles(secrets, controlPlane, member);
  await writeFiles(files);
  await writeFileAtomically(stampFile, JSON.stringify(wanted), { mode: 0o600 });
}

async function staleFiles(
  controlPlane: ControlPlane,
  secrets: ClusterSecrets,
  member: ControlPlaneMember,
  stale: readonly string[],
): Promise<PkiFile[]> {
  const configuration = stale.includes(configurationPart) ? configurationFiles(secrets, controlPlane, member) : [];
  return [...(await certificateFiles(secrets, controlPlane, member, stale)), ...configuration];
}

async function writeFiles(files: readonly PkiFile[]): Promise<void> {
  const folders = new Set(files.map(({ path }) => dirname(path)));
  await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true, mode: 0o700 })));
  await Promise.all(files.map(({ path, content, mode }) => writeFileAtomically(path, content, { mode })));
}

/** Names the machine's boot, too: files that a loss of power may have damaged are made anew. */
function stampOf(controlPlane: ControlPlane, secrets: ClusterSecrets, member: ControlPlaneMember): Stamp {
  const certificates = Object.entries(memberCertificates(controlPlane, member));
  return {
    ground: digest([processIdentity(process.pid)?.bootId, secrets["ca.crt"]]),
    parts: {
      ...Object.fromEntries(certificates.map(([name, certificate]) => [name, digest(certificate)])),
      [configurationPart]: digest(configurationFiles(secrets, controlPlane, member)),
    },
  };
}

const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64url");

/** Undefined where there is none, or one that an earlier Sampan wrote. */
function parseStamp(text: string | undefined): Stamp | undefined {
  try {
    const parsed = JSON.parse(text ?? "") as Partial<Stamp>;
    return parsed.ground !== undefined && parsed.parts !== undefined ? (parsed as Stamp) : undefined;
  } catch {
    return undefined;
  }
}
