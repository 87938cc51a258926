import { isIP } from "node:net";
import { checkServerIdentity, connect } from "node:tls";

/** The names and addresses of the certificate that a TLS server shows, e.g. `DNS:kubernetes`. */
export async function subjectNames({ hostname, port }: URL): Promise<string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string[]>();
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
    resolve(socket.getPeerCertificate().subjectaltname?.split(", ") ?? []);
    socket.destroy();
  });
  socket.on("error", reject);
  return promise;
}

/** Whether a client that trusts only that CA (PEM) takes the server for one of that name. */
export async function isTrustedAs(serverName: string, { hostname, port }: URL, ca: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const isAddress = isIP(serverName) !== 0;
  const socket = connect(
    {
      host: hostname,
      port: Number(port),
      ca,
      ...(!isAddress && { servername: serverName }),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    },
    () => {
      resolve(socket.authorized);
      socket.destroy();
    },
  );
  socket.on("error", () => resolve(false));
  return promise;
}
