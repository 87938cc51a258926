import { once } from "node:events";
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { type Front, openFront, serverLimits } from "./front.ts";

const log = pino({ level: "silent" });
const fronts: Front[] = [];
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(fronts.splice(0).map((front) => front.close(AbortSignal.abort())));
});

async function open(handler: RequestListener, host = "127.0.0.1"): Promise<Front> {
  const front = await openFront({ host, port: 0, log }, handler);
  fronts.push(front);
  return front;
}

/** A connection that has sent this, with all that it got so far, once the server has seen it. */
async function client({ url }: Front, sent: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname.replace(/[[\]]/g, ""));
  sockets.push(socket);
  let received = "";
  socket.on("data", (data) => {
    received += data;
  });
  // Whether it ends by FIN or RST is the kernel's choice.
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  await once(socket, "connect");
  if (sent) await new Promise((resolve) => socket.write(sent, resolve));
  return { socket, closed, received: () => received };
}

const answer: RequestListener = (request, response) => {
  request.resume();
  request.on("end", () => response.end("answer"));
};

/** What a peer may hold a connection with. */
const halfRequests = {
  nothing: "",
  "half of its headers": "GET / HTTP/1.1\r\n",
  "half of its body": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1",
  "what is no request": "\u0000",
};

describe("the close of the front", () => {
  it.each(Object.entries(halfRequests))("ends a connection whose client has sent %s", async (_what, sent) => {
    const front = await open(answer);
    const { closed } = await client(front, sent);
    await front.close(AbortSignal.abort());
    await closed;
  });

  it("waits for a request that is under way, whose connection ends with its answer", async () => {
    const { promise: asked, resolve: told } = Promise.withResolvers<() => void>();
    const front = await open((_request, response) => told(() => response.end("late")));
    const { received, closed } = await client(front, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const answerIt = await asked;
    const closing = front.close(new AbortController().signal);
    answerIt();
    await Promise.all([closing, closed]);
    expect(received()).toMatch(/^HTTP\/1.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*late/);
  });

  it("ends connections that rest between two requests at once", async () => {
    const front = await open(answer);
    const { socket, closed } = await client(front, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await once(socket, "data");
    await Promise.all([front.close(new AbortController().signal), closed]);
  });
});

describe("the front", () => {
  it.each([
    ["\u0000\r\n\r\n", 400],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(serverLimits.maxHeaderSize)}\r\n\r\n`, 431],
  ])("tells a client that sends no request what is wrong, and ends its connection (case %#)", async (sent, status) => {
    const { received, closed } = await client(await open(answer), sent);
    await closed;
    expect(received()).toMatch(new RegExp(`^HTTP/1.1 ${status} .*\r\n[\\s\\S]*\\{"message":"[^"]+"\\}$`));
  });

  it("serves every address that localhost stands for", async () => {
    const front = await open(answer, "localhost");
    expect(await (await fetch(`http://localhost:${new URL(front.url).port}/`)).text()).toBe("answer");
  });

  it("has requests answered by whoever is behind it at the moment", async () => {
    const front = await open((_request, response) => void response.end("first"));
    expect(await (await fetch(front.url)).text()).toBe("first");
    front.serve((_request, response) => void response.end("second"));
    expect(await (await fetch(front.url)).text()).toBe("second");
  });
});
