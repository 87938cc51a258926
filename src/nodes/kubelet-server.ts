import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Logger } from "pino";
import { findContainer, LogRequestError, parseLogOptions, renderLog, toEndLine, toLogLines } from "./container-logs.ts";
import type { PodObject } from "./objects.ts";
import type { KubeletEndpoint } from "./simulated-node.ts";

/** Where the listener looks pods up. */
export interface PodDirectory {
  /** The pod, if it is on a simulated node of this cluster. */
  find(namespace: string, name: string): PodObject | undefined;
  /** Calls `listener` after every change of the pod, its deletion included, until the returned function is called. */
  subscribe(namespace: string, name: string, listener: () => void): () => void;
}

/** The listener that stands for the kubelets of all simulated nodes of a cluster. */
export interface KubeletServer {
  /** The port it listens on, also where the endpoint asked for port 0. */
  readonly port: number;
  /** Breaks off every answer and stops listening. */
  close(): Promise<void>;
}

/**
 * Users of the cluster have certificates of the same CA as the API server. Only it and administrators may ask a kubelet,
 * as on a real one, which lets the API server decide.
 */
const adminGroup = "system:masters";

/** What a kubelet does through an upgraded connection, by the first part of the path. */
const unsupportedPaths: Readonly<Record<string, string>> = {
  exec: "kubectl exec",
  attach: "kubectl attach",
  portForward: "kubectl port-forward",
  run: "Running a command",
};

/**
 * Starts the HTTPS listener. Only clients with a certificate of the endpoint's client CA are let in, and of those only
 * the members of {@link adminGroup}.
 *
 * @throws {Error} where it cannot listen, e.g. because another process has the port.
 */
export async function startKubeletServer(
  endpoint: KubeletEndpoint,
  pods: PodDirectory,
  log: Logger,
): Promise<KubeletServer> {
  const { cert, key, clientCa } = endpoint.tls;
  const options = { cert, key, ca: clientCa, requestCert: true, rejectUnauthorized: true } as const;
  const server = createServer(options, (request, response) => {
    try {
      route(request, response, pods);
    } catch (error) {
      fail(response, error, log);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(new Error(cannotListen(endpoint, error), { cause: error })));
    server.listen(endpoint.port, endpoint.address, resolve);
  });
  // Also those that never finish their TLS handshake, which the server itself does not count as connections.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("error", (error) => log.warn({ err: error }, "The kubelet listener of the simulated nodes has a problem."));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function cannotListen({ address, port }: KubeletEndpoint, error: Error): string {
  return `The kubelets of the simulated nodes cannot listen on ${address}:${port}: ${error.message}. Free that address.`;
}

function route(request: IncomingMessage, response: ServerResponse, pods: PodDirectory): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "https://kubelet");
  const [kind = "", ...names] = pathname.slice(1).split("/").map(decodeURIComponent);
  const [namespace, pod, container, ...rest] = names;
  const unsupported = unsupportedPaths[kind];
  if (!isAdministrator(request)) sendText(response, 403, `Only clients of the group ${adminGroup} may ask a kubelet.`);
  else if (unsupported !== undefined) refuse(response, unsupported);
  else if (kind === "healthz") sendText(response, 200, "ok");
  else if (kind === "containerLogs" && namespace && pod && container && rest.length === 0)
    sendLog(response, pods, { namespace, pod, container }, searchParams);
  else sendText(response, 404, "404 page not found");
}

function isAdministrator({ socket }: IncomingMessage): boolean {
  // Several organisations come as an array, which the types do not know.
  const groups: unknown = (socket as TLSSocket).getPeerCertificate().subject?.O;
  return [groups].flat().includes(adminGroup);
}

/** A `Status` object, whose message kubectl shows instead of "unable to upgrade connection". */
function refuse(response: ServerResponse, what: string): void {
  const status = {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `${what} is not supported on a simulated node: its containers are states only, no program runs in them.`,
    reason: "NotImplemented",
    code: 501,
  };
  response.writeHead(501, { "content-type": "application/json" }).end(JSON.stringify(status));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

function fail(response: ServerResponse, error: unknown, log: Logger): void {
  if (error instanceof LogRequestError) {
    sendText(response, error.status, error.message);
  } else if (error instanceof URIError) {
    sendText(response, 400, "The path has a broken percent sign sequence.");
  } else {
    log.warn({ err: error }, "A request to the kubelet of a simulated node failed.");
    sendText(response, 500, "The simulated kubelet failed; its log says more.");
  }
}

function sendLog(
  response: ServerResponse,
  pods: PodDirectory,
  names: { namespace: string; pod: string; container: string },
  query: URLSearchParams,
): void {
  const options = parseLogOptions(query, new Date());
  const pod = pods.find(names.namespace, names.pod);
  if (!pod) throw new LogRequestError(404, `pod "${names.pod}" not found`);
  const found = findContainer(pod, names.container);
  const beginning = renderLog(toLogLines(pod, found, options.previous), options);
  response.writeHead(200, { "content-type": "text/plain" });
  response.write(beginning);
  if (!options.follow || options.previous || !found.status?.state?.running) {
    response.end();
    return;
  }

  const limitBytes = options.limitBytes === undefined ? undefined : options.limitBytes - beginning.length;
  const finish = () => {
    const now = pods.find(names.namespace, names.pod);
    const same = now?.metadata.uid === pod.metadata.uid ? findContainer(now, names.container).status : undefined;
    if (same?.state?.running?.startedAt === found.status?.state?.running?.startedAt) return;
    unsubscribe();
    const end = toEndLine(same?.state);
    response.end(end ? renderLog([end], { ...options, tailLines: undefined, limitBytes }) : undefined);
  };
  const unsubscribe = pods.subscribe(names.namespace, names.pod, finish);
  response.on("close", unsubscribe);
}
