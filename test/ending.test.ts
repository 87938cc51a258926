import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { componentProcesses } from "./support/processes.ts";
import { refusalToStart, serviceEnvironment, startService, type TestService } from "./support/service.ts";

/** What README and architecture promise of a stop, in milliseconds. */
const promised = 15_000;

const sockets: Socket[] = [];
const servers: Server[] = [];
const processes: ChildProcess[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
  for (const process of processes.splice(0)) process.kill("SIGKILL");
});

/** Holds a connection to the service that has sent this and nothing more. */
async function hold(endpoint: string, sent: string): Promise<void> {
  const [host, port] = endpoint.split(":");
  const socket = connect(Number(port), host);
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (sent) await new Promise((resolve) => socket.write(sent, resolve));
}

/** A server that takes connections and never says a word. @returns its port */
async function silentServer(): Promise<number> {
  const server = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A process that counts as a cluster's, as one that an earlier Sampan left running, and that ends by SIGKILL alone. */
async function stubborn(home: string, name: string): Promise<void> {
  const component = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(console.log, 1000)"], {
    env: { SAMPAN_COMPONENT: `${home}/clusters/${"0".repeat(32)}/member-1/${name}` },
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(component);
  await once(component.stdout, "data");
}

const left = (home: string) => componentProcesses(home).map(({ component }) => component);

describe("SIGTERM ends the service within 15 s", () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startService({ SAMPAN_DISTRIBUTION_PATH: "/nonexistent" });
  });

  afterAll(() => service?.dispose());

  /** Stops the service, which has to end with exit code 0. @returns how long it took, in milliseconds */
  async function stopTime(): Promise<number> {
    const begun = performance.now();
    await service.stop();
    return performance.now() - begun;
  }

  test("whatever its peers have sent of their requests", async () => {
    await hold(service.endpoint, "");
    await hold(service.endpoint, "GET / HTTP/1.1\r\n");
    await hold(service.endpoint, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n1");
    expect(await stopTime()).toBeLessThan(promised);
    expect(service.output()).toMatch(/"msg":"Stopped\."/);
    await service.start();
  });

  test("also where none of a cluster's processes heeds it: they are killed", async () => {
    for (const name of ["kube-scheduler", "kube-apiserver", "etcd"]) await stubborn(service.home, name);
    expect(left(service.home)).toHaveLength(3);
    expect(await stopTime()).toBeLessThan(promised);
    expect(left(service.home)).toEqual([]);
    await service.start();
  });
});

describe("a start", () => {
  let scratch: string;
  const cli = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

  beforeAll(async () => {
    scratch = await realpath(await mkdtemp(join(tmpdir(), "sampan-e2e-")));
  });

  afterAll(() => rm(scratch, { recursive: true, force: true }));

  test.each([
    ["its port is taken", async () => ({ SAMPAN_PORT: String(await silentServer()) })],
    ["its address is not this machine's", async () => ({ SAMPAN_HOST: "192.0.2.1" })],
  ])("that fails since %s leaves clusters that run as they are", async (why, settings) => {
    const home = join(scratch, why.replaceAll(/\W/g, "-"));
    await mkdir(home);
    await stubborn(home, "etcd");
    await refusalToStart(home, await settings());
    expect(left(home)).toEqual(["etcd"]);
  });

  test("that has begun can be stopped although nobody reads its log any more", async () => {
    const settings = { SAMPAN_DATABASE_URL: `postgresql://sampan@127.0.0.1:${await silentServer()}/sampan` };
    const env = serviceEnvironment(scratch, { ...settings, SAMPAN_LOG_LEVEL: "debug" });
    const service = spawn(process.execPath, [cli, "serve"], { env, stdio: ["ignore", "pipe", "inherit"] });
    processes.push(service);
    const ended = once(service, "exit");
    await once(service.stdout, "data");
    service.stdout.destroy();
    service.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });

  test("answers from its first moment on, and can be stopped whatever it waits for", async () => {
    const settings = {
      SAMPAN_DATABASE_URL: `postgresql://sampan@127.0.0.1:${await silentServer()}/sampan`,
      SAMPAN_LOG_LEVEL: "debug",
    };
    const service = spawn(process.execPath, [cli, "serve"], { env: serviceEnvironment(scratch, settings) });
    processes.push(service);
    const ended = once(service, "exit");
    let said = "";
    service.stdout.on("data", (data) => {
      said += data;
    });
    const url = await eventually(() => {
      const [, address] = /"url":"(http:[^"]+)","msg":"The port is held/.exec(said) ?? [];
      expect(address).toBeDefined();
      return address;
    });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const answer = await fetch(`${url}/clusters`);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(await answer.json()).toMatchObject({ code: "ServiceUnavailable" });
    service.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    expect(said).toContain("Stopped while starting.");
  });
});
