// @ts-check
/** The API servers behind an endpoint: which of them answer, and which one a new client goes to. */

import { connect } from "node:net";

/**
 * @typedef {object} Place An address and a TCP port.
 * @property {string} address
 * @property {number} port
 */

/**
 * @typedef {object} MemberTiming Durations in milliseconds.
 * @property {number} connectDeadline Longest time for a member to accept a connection.
 * @property {number} probeEvery Pause between two tries of a member that does not answer.
 */

/**
 * @typedef {object} Member
 * @property {Place} place
 * @property {boolean} up Whether it accepted the last connections.
 * @property {number} connections How many there are at the moment.
 */

/**
 * @typedef {object} MemberPool
 * @property {readonly Member[]} members
 * @property {() => Promise<import("node:net").Socket | undefined>} open Connects to a member that answers; undefined
 *   where none does.
 * @property {() => void} close Ends all probes.
 */

/** A member that came back gets clients after so many probes: it accepts connections a moment before it can serve. */
const probesToRise = 3;

/**
 * Every member counts as up until a connection to it fails.
 *
 * @param {readonly Place[]} places
 * @param {MemberTiming} timing
 * @param {(line: string) => void} log Told where a member is lost and where it is back.
 * @returns {MemberPool}
 */
export function createMemberPool(places, timing, log) {
  /** @type {Member[]} */
  const members = places.map((place) => ({ place, up: true, connections: 0 }));
  /** @type {Map<Member, NodeJS.Timeout>} */
  const probes = new Map();

  /** @param {Member} member @param {Error} problem */
  function lose(member, problem) {
    if (!member.up) return;
    member.up = false;
    log(`${nameOf(member)} is lost: ${problem.message}`);
    let successes = 0;
    const probe = async () => {
      successes = await isReachable(member.place, timing.connectDeadline).then((reachable) =>
        reachable ? successes + 1 : 0,
      );
      if (!probes.has(member)) return;
      if (successes < probesToRise) {
        probes.set(member, setTimeout(probe, timing.probeEvery));
        return;
      }
      probes.delete(member);
      member.up = true;
      log(`${nameOf(member)} is back.`);
    };
    probes.set(member, setTimeout(probe, timing.probeEvery));
  }

  return {
    members,

    async open() {
      // The others are tried at last: one that is about to be back is better than none.
      const inOrder = [...members].sort(
        (one, other) => Number(other.up) - Number(one.up) || one.connections - other.connections,
      );
      for (const member of inOrder) {
        try {
          // Counted before it is made, so that clients that come at the same time are spread.
          member.connections++;
          const socket = await connectTo(member.place, timing.connectDeadline);
          socket.once("close", () => member.connections--);
          return socket;
        } catch (error) {
          member.connections--;
          lose(member, /** @type {Error} */ (error));
        }
      }
      return undefined;
    },

    close() {
      for (const timer of probes.values()) clearTimeout(timer);
      probes.clear();
    },
  };
}

/** @param {Member} member */
function nameOf({ place }) {
  return `${place.address}:${place.port}`;
}

/**
 * @param {Place} place
 * @param {number} deadline
 * @returns {Promise<boolean>}
 */
async function isReachable(place, deadline) {
  try {
    (await connectTo(place, deadline)).destroy();
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {Place} place
 * @param {number} deadline
 * @returns {Promise<import("node:net").Socket>}
 */
function connectTo({ address, port }, deadline) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, noDelay: true, allowHalfOpen: true });
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${deadline} ms`)), deadline);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    // Stays for the socket's whole life: an error that nobody listens for would end the process.
    socket.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}
