import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./support/eventually.ts";
import { kubectlWith } from "./support/kubectl.ts";
import { type PostgresServer, startPostgres } from "./support/postgres.ts";
import { oneNode, runningCluster, smallBody } from "./support/sdk.ts";
import { cli, serviceEnvironment, startService, type TestService } from "./support/service.ts";

/**
 * A replica as on another machine: in a network namespace of its own, whose loopback has nothing of the first one's. They
 * share the database alone, through its socket in the file system.
 */

/** Root needs no user namespace, in which it could not reach the database's socket: that is another user's. */
const isRoot = process.getuid?.() === 0;
const inOwnNetwork = [isRoot ? "-n" : "-rn", "sh", "-c", 'ip link set lo up && exec "$0" "$@"'];
const isPossible = (await execa("unshare", [...inOwnNetwork, "true"], { reject: false })).exitCode === 0;

let postgres: PostgresServer;
let service: TestService;
let replica: ChildProcess;
/** The first account's, also while the service that made them does not run. */
let credentials: TestService["credentials"];
let output = "";
/** Path of the cluster in CCE's API. */
let path: string;

beforeAll(async () => {
  if (!isPossible) return;
  postgres = await startPostgres();
  const settings = { SAMPAN_DATABASE_URL: postgres.url };
  service = await startService(settings);
  credentials = service.credentials;
  const { clusterId } = await runningCluster(service.client, smallBody("far-away", oneNode));
  const uuid = clusterId.slice(1).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  path = `/api/v3/projects/${credentials.projectId}/clusters/${uuid}`;

  const home = join(service.folder, "replica");
  await mkdir(home, { mode: 0o700 });
  await copyFile(join(service.home, "secret.key"), join(home, "secret.key"));
  replica = spawn("unshare", [...inOwnNetwork, process.execPath, cli, "serve"], {
    env: serviceEnvironment(home, settings),
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [replica.stdout, replica.stderr])
    stream?.on("data", (data) => {
      output += data;
    });
  await eventually(() => expect(output).toContain("Sampan serves at"));
});

afterAll(async () => {
  if (replica?.exitCode === null) {
    replica.kill("SIGTERM");
    await once(replica, "exit");
  }
  try {
    await service?.dispose();
  } finally {
    await postgres?.stop();
  }
});

/** Options of `nsenter` that lead into the replica's network. */
const enterIt = (): string[] => {
  const target = ["--target", String(replica.pid), "--net"];
  return isRoot ? target : [...target, "--user", "--preserve-credentials"];
};

/** Asks the replica, from within its network. */
async function ask(method: "GET" | "POST", target: string, body?: object) {
  const url = /"Sampan serves at (http:[^"]+)"/.exec(output)?.[1];
  const { domainName, userName, userPassword, projectId } = credentials;
  const user = { name: userName, password: userPassword, domain: { name: domainName } };
  const auth = { identity: { methods: ["password"], password: { user } }, scope: { project: { id: projectId } } };
  const script = `
    const { url, method, target, body, auth } = JSON.parse(process.env.ASKED);
    const headers = { "content-type": "application/json" };
    const login = await fetch(url + "/v3/auth/tokens", { method: "POST", headers, body: JSON.stringify({ auth }) });
    headers["x-auth-token"] = login.headers.get("x-subject-token");
    const answer = await fetch(url + target, { method, headers, body: body && JSON.stringify(body) });
    console.log(JSON.stringify({ status: answer.status, body: await answer.json() }));`;
  const { stdout } = await execa("nsenter", [...enterIt(), process.execPath, "--input-type=module", "--eval", script], {
    env: { ASKED: JSON.stringify({ url, method, target, body, auth }) },
  });
  return JSON.parse(stdout);
}

const status = async () => (await ask("GET", path)).body.status;

test.skipIf(!isPossible)("the other machine's replica cannot reach the cluster", async () => {
  const server = (await ask("GET", path)).body.status.endpoints[0].url;
  const script = `await fetch("${server}").catch((error) => console.log(error.cause.code))`;
  const asked = await execa("nsenter", [...enterIt(), process.execPath, "--input-type=module", "--eval", script]);
  expect(asked.stdout).toBe("ECONNREFUSED");
});

test.skipIf(!isPossible)("it shows the cluster and its nodes as its own home does", async () => {
  await eventually(async () => expect(await status()).toMatchObject({ phase: "Available" }));
  await eventually(async () =>
    expect((await ask("GET", `${path}?detail=true`)).body.metadata.annotations).toMatchObject({
      totalNodesNumber: "1",
      activeNodesNumber: "1",
    }),
  );
});

test.skipIf(!isPossible)("it issues a kubeconfig that is good where the cluster is", async () => {
  const { status: code, body } = await ask("POST", `${path}/clustercert`, { duration: 1 });
  expect(code).toBe(200);
  const kubectl = await kubectlWith(JSON.stringify(body), join(service.folder, "kubeconfig"));
  expect(await kubectl.run(["get", "nodes", "--no-headers"])).toMatch(/ Ready /);
});

test.skipIf(!isPossible)("it shows that the home has stopped, comes back, and is silent", async () => {
  await service.stop();
  expect(await status()).toMatchObject({ phase: "Unavailable" });
  await service.start();
  await eventually(async () => expect(await status()).toMatchObject({ phase: "Available" }));
  await service.kill9();
  await postgres.query("update cluster_observations set observed_at = now() - interval '1 minute'");
  expect(await status()).toMatchObject({
    phase: "Unavailable",
    reason: expect.stringContaining("has not been heard of for"),
  });
  await service.start();
  await eventually(async () => expect(await status()).toMatchObject({ phase: "Available" }));
});
