import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import tls from "node:tls";
import { type ControlPlaneMember, memberPorts } from "../../../kubernetes/control-plane.ts";
import { memberPaths } from "../../../kubernetes/member-paths.ts";

/**
 * Checks that the certificate that a member's API server presents has every name of the one in its file; that it may have
 * more of them for a while does no harm. One that does not run reads the file when it starts.
 * @throws {Error} where a name is missing, or there is no answer before the signal fires.
 */
export async function checkServedCertificate(member: ControlPlaneMember, signal: AbortSignal): Promise<void> {
  const paths = memberPaths(member.directory);
  const [cert, ca] = await Promise.all([readFile(paths.apiServerCert, "utf8"), readFile(paths.ca, "utf8")]);
  const served = await servedCertificate(member, ca, signal);
  if (served === undefined) return;
  const presented = namesIn(served);
  const missing = namesIn(new X509Certificate(cert)).filter((name) => !presented.includes(name));
  if (missing.length > 0)
    throw new Error(
      `${member.apiServerAddress}:${memberPorts.apiServer} presents a certificate without the names ${missing.join(", ")}`,
    );
}

const namesIn = ({ subjectAltName = "" }: X509Certificate): string[] => subjectAltName.split(", ");

/** What it presents; undefined where nothing listens. */
async function servedCertificate(
  { apiServerAddress: host }: ControlPlaneMember,
  ca: string,
  signal: AbortSignal,
): Promise<X509Certificate | undefined> {
  const socket = tls.connect({ host, port: memberPorts.apiServer, ca });
  try {
    await once(socket, "secureConnect", { signal });
    return new X509Certificate(socket.getPeerCertificate().raw);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") return undefined;
    throw error;
  } finally {
    socket.destroy();
  }
}
