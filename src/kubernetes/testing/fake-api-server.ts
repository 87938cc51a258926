import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ApiAccess } from "../api-access.ts";
import { type ApiClient, type ApiClientOptions, createApiClient } from "../client.ts";
import { createCertificateAuthority, issueCertificate } from "../pki/certificates.ts";

/** How a test's API server answers. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An HTTPS server that stands for an API server. */
export interface FakeApiServer {
  access: ApiAccess;
  /** Number of connections that were made to it. */
  connections(): number;
  /** Makes a client, closed when the test ends. */
  connect(options?: ApiClientOptions): ApiClient;
  /** Ends the server before the test does. */
  close(): Promise<void>;
}

const certificates = makeCertificates();

/** Starts a server that asks for a client certificate and answers as `handle` does. Ends with the test. */
export async function startFakeApiServer(handle: Handler): Promise<FakeApiServer> {
  const { authority, serving, user } = await certificates;
  let connections = 0;
  const server = createServer({ ...serving, ca: authority.cert, requestCert: true }, handle);
  server.on("secureConnection", () => connections++);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const access = { server: `https://127.0.0.1:${port}`, ca: authority.cert, ...user };

  async function close() {
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }

  onTestFinished(close);
  return {
    access,
    connections: () => connections,
    connect(options) {
      const client = createApiClient(access, options);
      onTestFinished(() => client.close());
      return client;
    },
    close,
  };
}

/** Answers with JSON. */
export function answer(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The Status object of a refusal. */
export function refusal(code: number, reason: string, message: string) {
  return { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
}

async function makeCertificates() {
  const authority = await createCertificateAuthority("kubernetes");
  const [serving, user] = await Promise.all([
    issueCertificate(authority, { commonName: "server", ipAddresses: ["127.0.0.1"], usages: ["server"] }),
    issueCertificate(authority, { commonName: "someone", usages: ["client"] }),
  ]);
  return { authority, serving, user };
}
