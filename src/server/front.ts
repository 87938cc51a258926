import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { refusalOf } from "./unreadable-requests.ts";

/**
 * What one client may take of the HTTP server. Durations in milliseconds. Nobody has shown a key yet when these count, so
 * they are what stands between the service and anyone who can connect.
 */
export const serverLimits = {
  // A connection that says nothing, or its headers byte by byte, is ended; a slow line needs a second for them.
  headersTimeout: 20_000,
  // The whole request, with a body of megabytes over a slow line.
  requestTimeout: 120_000,
  // How often the two above are looked at.
  connectionsCheckingInterval: 5_000,
  // A connection in which nothing moves, such as of a client that does not read its answer.
  timeout: 150_000,
  // A connection that rests between two requests: longer than load balancers keep theirs (60 s), which must end first.
  keepAliveTimeout: 72_000,
  // Names and values of all headers together, in bytes.
  maxHeaderSize: 16_384,
  // Each costs a file descriptor and some 10 KiB. Further ones are closed at once until one of these ends.
  maxConnections: 1_000,
} as const;

/** Pause between two lines of the log on connections that were turned away, in milliseconds. */
const dropReportPause = 60_000;

/** The HTTP server from the first moment on: it holds the port, whoever answers behind it. */
export interface Front {
  /** Its address, e.g. `http://127.0.0.1:7080`. */
  readonly url: string;
  /** Has the requests that come from now on answered by another. */
  serve(handler: RequestListener): void;
  /**
   * Takes no more connections, and waits for the requests under way, whose connections then end. Resolves when there is
   * no connection left.
   * @param hurry ends the wait: every connection is closed, whatever its client is doing
   */
  close(hurry: AbortSignal): Promise<void>;
}

/**
 * Begins to listen.
 * @throws {Error} that names the setting when the address is taken or not this machine's
 */
export async function openFront(
  { host, port, log }: { host: string; port: number; log: Logger },
  first: RequestListener,
): Promise<Front> {
  let handler = first;
  const underWay = new Set<ServerResponse>();
  const newServer = () =>
    limitedServer(log, (request, response) => {
      underWay.add(response);
      response.once("close", () => underWay.delete(response));
      handler(request, response);
    });
  const servers = await listenAt(newServer, host, port);
  const { address, family, port: bound } = servers[0].address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}`,
    serve(next) {
      handler = next;
    },
    async close(hurry) {
      const closed = servers.map((server) => {
        // Ends the connections that rest, too.
        server.close();
        return once(server, "close");
      });
      for (const response of underWay) response.shouldKeepAlive = false;
      const cut = () => servers.forEach((server) => void server.closeAllConnections());
      hurry.addEventListener("abort", cut, { once: true });
      if (hurry.aborted) cut();
      await Promise.all(closed);
      hurry.removeEventListener("abort", cut);
    },
  };
}

function limitedServer(log: Logger, handler: RequestListener): Server {
  const { maxConnections, timeout, ...options } = serverLimits;
  const server = createServer(options, handler);
  Object.assign(server, { maxConnections, timeout });
  server.on("clientError", refuseUnreadable);
  let reportedAt = Number.NEGATIVE_INFINITY;
  server.on("drop", () => {
    if (performance.now() - reportedAt < dropReportPause) return;
    reportedAt = performance.now();
    log.warn({ maxConnections }, "There are as many connections as there may be: new ones are closed at once.");
  });
  return server;
}

/** What is no HTTP request, or takes too long to become one, never gets to a handler. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code !== "ECONNRESET" && socket.writable) socket.write(refusalOf(error.code));
  socket.destroy(error);
}

/** `localhost` is all addresses that it stands for on this machine; the port of the first is that of the others. */
async function listenAt(newServer: () => Server, host: string, port: number): Promise<[Server, ...Server[]]> {
  const addresses = host === "localhost" ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const [first = host, ...others] = new Set(addresses);
  const server = await listen(newServer(), first, port).catch((error) => {
    throw explained(error, host, port);
  });
  const { port: bound } = server.address() as AddressInfo;
  const more = others.map((address) => listen(newServer(), address, bound));
  // An address of the second family may not be there at all: the first is enough.
  const settled = await Promise.allSettled(more);
  return [server, ...settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
}

async function listen(server: Server, host: string, port: number): Promise<Server> {
  server.listen({ host, port });
  await once(server, "listening");
  return server;
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE")
    return new Error(
      `Port ${port} of ${host} is in use by another program; set SAMPAN_PORT to a free one (0 takes any).`,
    );
  if (error.code === "EADDRNOTAVAIL") return new Error(`SAMPAN_HOST is ${host}, which is no address of this machine.`);
  if (error.code === "EACCES")
    return new Error(`Port ${port} may only be used by root; set SAMPAN_PORT to one above 1023.`);
  return error;
}
