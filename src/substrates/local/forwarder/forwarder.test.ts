import { randomInt } from "node:crypto";
import { once } from "node:events";
import { get } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Forwarder, startForwarder } from "./forwarder.mjs";

const listeningPort = 6443;
const healthPort = 6444;

/** Addresses that no cluster has, other ones for each test. */
let network: string;
let forwarder: Forwarder;
let lines: string[];
/** The members that listen, by address. */
let members: Map<string, { server: Server; sockets: Set<Socket> }>;
let clients: Socket[];

beforeEach(() => {
  network = `127.${randomInt(1, 64)}.${randomInt(256)}`;
  [lines, clients, members] = [[], [], new Map()];
});

afterEach(async () => {
  for (const client of clients) client.destroy();
  await forwarder?.close();
  for (const address of members.keys()) await kill(address);
});

const addressOf = (host: number) => `${network}.${host}`;
const at = (host: number, port = listeningPort) => ({ address: addressOf(host), port });

async function start(...hosts: number[]): Promise<void> {
  const options = { listeners: [at(1), at(3)], members: hosts.map((host) => at(host)), health: at(3, healthPort) };
  forwarder = await startForwarder(options, (line) => lines.push(line), { connectDeadline: 60_000, probeEvery: 5 });
}

/** A member that says its name to whoever comes, and then whatever it is told. */
async function listen(host: number): Promise<void> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.write(`${host} `);
    socket.pipe(socket);
  });
  server.listen(listeningPort, addressOf(host));
  await once(server, "listening");
  members.set(addressOf(host), { server, sockets });
}

/** Ends a member as the kernel ends a process: the listener and every connection. */
async function kill(address: string): Promise<void> {
  const member = members.get(address);
  members.delete(address);
  for (const socket of member?.sockets ?? []) socket.destroy();
  await new Promise((resolve) => member?.server.close(resolve));
}

/** Connects as a client; resolves with the name of the member that it is joined to, empty where it is turned away. */
async function come(host = 1): Promise<{ client: Socket; name: string }> {
  const client = connect({ host: addressOf(host), port: listeningPort });
  clients.push(client);
  const turnedAway = once(client, "close").then(() => "");
  const joined = once(client, "data").then(([said]) => String(said).trim());
  return { client, name: await Promise.race([joined, turnedAway]).catch(() => "") };
}

async function health(): Promise<{ address: string; up: boolean; connections: number }[]> {
  const request = get({ host: addressOf(3), port: healthPort, agent: false });
  const [response] = await once(request, "response");
  return JSON.parse(await text(response)).members;
}

test("what a client sends comes to the member, and what the member answers to the client", async () => {
  await listen(11);
  await start(11);
  const client = connect({ host: addressOf(1), port: listeningPort });
  const sent = "x".repeat(1_000_000);
  client.end(sent);
  expect(await text(client)).toBe(`11 ${sent}`);
});

test.each([1, 3])("it listens at .%i", async (host) => {
  await listen(11);
  await start(11);
  expect((await come(host)).name).toBe("11");
});

test("clients are spread over the members", async () => {
  for (const host of [11, 12, 13]) await listen(host);
  await start(11, 12, 13);
  const names = [];
  for (let count = 0; count < 6; count++) names.push((await come()).name);
  expect(names.toSorted()).toEqual(["11", "11", "12", "12", "13", "13"]);
  const { client } = await come();
  client.destroy();
  await expect.poll(async () => (await health()).map(({ connections }) => connections)).toEqual([2, 2, 2]);
});

describe("a member that dies", () => {
  beforeEach(async () => {
    await listen(11);
    await listen(12);
    await start(11, 12);
  });

  test("takes its clients' connections with it, and they are served by another at once", async () => {
    const { client } = await come();
    const closed = once(client, "close");
    await kill(addressOf(11));
    await closed;
    for (let count = 0; count < 4; count++) expect((await come()).name).toBe("12");
    expect(await health()).toEqual([
      { address: addressOf(11), up: false, connections: 0 },
      { address: addressOf(12), up: true, connections: 4 },
    ]);
    expect(lines).toEqual([`${addressOf(11)}:6443 is lost: connect ECONNREFUSED ${addressOf(11)}:6443`]);
  });

  test("leaves the clients of others alone", async () => {
    const [first, second] = [await come(), await come()];
    expect([first.name, second.name]).toEqual(["11", "12"]);
    await kill(addressOf(11));
    second.client.write("still there");
    const [answer] = await once(second.client, "data");
    expect(String(answer)).toBe("still there");
  });

  test("gets clients again once it is back", async () => {
    await kill(addressOf(11));
    await come();
    await listen(11);
    await expect.poll(async () => (await health())[0]?.up).toBe(true);
    expect(lines.at(-1)).toBe(`${addressOf(11)}:6443 is back.`);
    expect((await come()).name).toBe("11");
  });

  test("is tried all the same where no other answers", async () => {
    await kill(addressOf(11));
    await kill(addressOf(12));
    expect((await come()).name).toBe("");
    expect((await health()).map(({ up }) => up)).toEqual([false, false]);
    await listen(12);
    expect((await come()).name).toBe("12");
  });
});

test("a client that goes takes its connection to the member with it", async () => {
  await listen(11);
  await start(11);
  const { client } = await come();
  const [socket] = members.get(addressOf(11))?.sockets ?? [];
  const closed = socket && once(socket, "close");
  client.resetAndDestroy();
  await closed;
  await expect.poll(async () => (await health())[0]?.connections).toBe(0);
});

test("where it cannot listen it says so and listens nowhere", async () => {
  await listen(3);
  await expect(start(11)).rejects.toThrow(`listen EADDRINUSE: address already in use ${addressOf(3)}:6443`);
  expect((await come(1)).name).toBe("");
});
