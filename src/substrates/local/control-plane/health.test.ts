import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { expectOk } from "./health.ts";

const tls = { ca: "", cert: "", key: "" };
let server: Server;
let url: string;

beforeEach(async () => {
  server = createServer((request, response) => {
    if (request.url === "/never") return;
    response.writeHead(request.url === "/bad" ? 503 : 200).end(request.url === "/bad" ? "etcd failed\n" : "ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test("an answer of 200 is health", async () => {
  await expect(expectOk(`${url}/livez`, tls, new AbortController().signal)).resolves.toBeUndefined();
});

test("any other answer is an error with its text", async () => {
  await expect(expectOk(`${url}/bad`, tls, new AbortController().signal)).rejects.toThrow(
    `${url}/bad answers with HTTP status 503: etcd failed`,
  );
});

test("no answer is an error once the signal fires", async () => {
  await expect(expectOk(`${url}/never`, tls, AbortSignal.timeout(20))).rejects.toThrow();
});

test("no listener is an error", async () => {
  await new Promise((resolve) => server.close(resolve));
  await expect(expectOk(`${url}/livez`, tls, new AbortController().signal)).rejects.toThrow("ECONNREFUSED");
});

test("a question leaves no connection behind", async () => {
  await expectOk(`${url}/livez`, tls, new AbortController().signal);
  await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
});
