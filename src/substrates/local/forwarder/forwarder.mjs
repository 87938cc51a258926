// @ts-check
/** Passes TCP connections on to whichever API server answers, as the load balancer before a control plane does. */

import { once } from "node:events";
import { createServer } from "node:net";
import { createMemberPool } from "./members.mjs";

/**
 * @typedef {object} ForwarderOptions
 * @property {readonly import("./members.mjs").Place[]} listeners Where clients come.
 * @property {readonly import("./members.mjs").Place[]} members Where they are passed on to.
 * @property {import("./members.mjs").Place} health Where it says how it is.
 */

/**
 * @typedef {object} Forwarder
 * @property {() => Promise<void>} close Stops listening and ends every connection.
 */

/** @type {import("./members.mjs").MemberTiming} */
const defaultTiming = {
  // On one machine the kernel answers at once; only a process that hangs, its queue full, lets a client wait.
  connectDeadline: 5_000,
  // Quick against the seconds that an API server takes to start.
  probeEvery: 1_000,
};

/** Nothing is read before there is somebody to read it, and who has said all may still listen. */
const clientSockets = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true };

/**
 * Listens everywhere; resolves once it does, and rejects where it cannot.
 *
 * @param {ForwarderOptions} options
 * @param {(line: string) => void} log
 * @param {import("./members.mjs").MemberTiming} [timing]
 * @returns {Promise<Forwarder>}
 */
export async function startForwarder({ listeners, members, health }, log, timing = defaultTiming) {
  const pool = createMemberPool(members, timing, log);
  /** @type {Set<import("node:net").Socket>} */
  const clients = new Set();
  /** @param {import("node:net").Socket} client */
  const accept = (client) => {
    clients.add(client);
    client.once("close", () => clients.delete(client));
    void forward(client, pool);
  };
  const servers = [
    ...listeners.map((place) => ({ place, server: createServer(clientSockets, accept) })),
    { place: health, server: createServer((socket) => answerHealth(socket, pool)) },
  ];
  const close = async () => {
    pool.close();
    for (const client of clients) client.destroy();
    const listening = servers.filter(({ server }) => server.listening);
    await Promise.all(listening.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  };
  try {
    await Promise.all(servers.map(({ place, server }) => listen(server, place)));
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * @param {import("node:net").Server} server
 * @param {import("./members.mjs").Place} place
 */
async function listen(server, { address, port }) {
  server.listen({ host: address, port });
  await once(server, "listening");
}

/**
 * Joins a client to a member for as long as both stay. The end of the one, in whatever way, is the end of the other, so
 * that the clients of a member that died come again at once.
 *
 * @param {import("node:net").Socket} client
 * @param {import("./members.mjs").MemberPool} pool
 */
async function forward(client, pool) {
  client.on("error", ignore);
  const member = await pool.open();
  if (member === undefined || client.destroyed) {
    client.destroy();
    member?.destroy();
    return;
  }
  client.once("close", () => member.destroySoon());
  member.once("close", () => client.destroySoon());
  client.pipe(member);
  member.pipe(client);
}

/**
 * Answers any request with the state of the members, as HTTP: a server of `node:http` would cost memory in every cluster.
 *
 * @param {import("node:net").Socket} socket
 * @param {import("./members.mjs").MemberPool} pool
 */
function answerHealth(socket, { members }) {
  socket.on("error", ignore);
  socket.once("data", () => {
    const body = members.map(({ place: { address }, up, connections }) => ({ address, up, connections }));
    socket.end(`HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${JSON.stringify({ members: body })}\n`);
  });
}

/** What ends a connection is of no interest: its other half is ended, too. */
function ignore() {}
