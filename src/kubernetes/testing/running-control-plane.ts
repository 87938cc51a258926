import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import type { ApiAccess } from "../api-access.ts";
import type { ComponentName } from "../components/command.ts";
import { healthChecks, healthUrl } from "../components/health.ts";
import { componentBuilders } from "../components/index.ts";
import { apiServerUrl, type ControlPlane, type ControlPlaneMember } from "../control-plane.ts";
import type { Distribution } from "../distribution/distribution.ts";
import { type ClusterSecrets, createClusterSecrets } from "../pki/cluster-secrets.ts";
import { issueHealthAccess } from "../pki/health-access.ts";
import { adminGroup, issueApiAccess, pkiFiles } from "../pki/member-files.ts";

/** A control plane for a test: real processes, started as plainly as can be. */
export interface RunningControlPlane {
  controlPlane: ControlPlane;
  /** Folder of everything; removed by {@link stop}. */
  directory: string;
  secrets: ClusterSecrets;
  /** An administrator's access to the first member. */
  admin: ApiAccess;
  /** Process id of a component. */
  pid(member: ControlPlaneMember, component: ComponentName): number;
  /** HTTP status of a component's health answer. */
  health(member: ControlPlaneMember, component: ComponentName): Promise<number>;
  /** Kills every process of one member. */
  kill(member: ControlPlaneMember): Promise<void>;
  /** Kills one component, starts it again, and resolves when it is ready. */
  restart(member: ControlPlaneMember, component: ComponentName): Promise<void>;
  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

const pollMs = 50;

/**
 * Starts a control plane and waits until every component is ready. The members' folders are made below a temporary one.
 *
 * @throws {Error} with the end of its log where a component ends.
 */
export async function startControlPlane(
  distribution: Distribution,
  describe: (directory: string) => ControlPlane,
): Promise<RunningControlPlane> {
  const directory = await mkdtemp(join(tmpdir(), "sampan-control-plane-"));
  const controlPlane = describe(directory);
  const secrets = await createClusterSecrets();
  const children = new Map<string, ChildProcess>();
  const server = apiServerUrl(controlPlane.members[0] as ControlPlaneMember);
  const [admin, access] = await Promise.all([
    issueApiAccess(secrets, server, { commonName: "kubernetes-admin", organizations: [adminGroup] }),
    issueHealthAccess(secrets),
  ]);
  const agents = {
    ca: new Agent({ allowH2: false, connect: access.ca }),
    "etcd-ca": new Agent({ allowH2: false, connect: access["etcd-ca"] }),
  };

  const running: RunningControlPlane = {
    controlPlane,
    directory,
    secrets,
    admin,
    pid: (member, component) => children.get(key(member, component))?.pid as number,
    async health(member, component) {
      const dispatcher = agents[healthChecks[component].authority];
      const { statusCode, body } = await request(healthUrl(component, member, "ready"), { dispatcher });
      await body.dump();
      return statusCode;
    },
    async kill(member) {
      const names = Object.keys(componentBuilders) as ComponentName[];
      await Promise.all(names.map((name) => killChild(children.get(key(member, name)))));
    },
    async restart(member, component) {
      await killChild(children.get(key(member, component)));
      children.set(key(member, component), await start(distribution, controlPlane, member, component));
      await untilReady(running, children, member, component);
    },
    async stop() {
      await Promise.all([...children.values()].map(killChild));
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
      await rm(directory, { recursive: true, force: true });
    },
  };

  try {
    for (const member of controlPlane.members) await writeFiles(secrets, controlPlane, member);
    for (const component of Object.keys(componentBuilders) as ComponentName[]) {
      for (const member of controlPlane.members)
        children.set(key(member, component), await start(distribution, controlPlane, member, component));
      await Promise.all(controlPlane.members.map((member) => untilReady(running, children, member, component)));
    }
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** Repeats `attempt` until it gives something other than undefined; what it throws counts as undefined. */
export async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  while (true) {
    const result = await attempt().catch(() => undefined);
    if (result !== undefined) return result;
    await sleep(pollMs);
  }
}

async function writeFiles(secrets: ClusterSecrets, controlPlane: ControlPlane, member: ControlPlaneMember) {
  for (const { path, content, mode } of await pkiFiles(secrets, controlPlane, member)) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode });
  }
}

async function start(
  { executables, version, etcdVersion }: Distribution,
  controlPlane: ControlPlane,
  member: ControlPlaneMember,
  component: ComponentName,
): Promise<ChildProcess> {
  const { args, env } = componentBuilders[component](
    component === "etcd" ? etcdVersion : version,
    controlPlane,
    member,
  );
  const log = await open(logFile(member, component), "w");
  const child = spawn(executables[component], args, { env, stdio: ["ignore", log.fd, log.fd] });
  await once(child, "spawn");
  await log.close();
  return child;
}

async function untilReady(
  running: RunningControlPlane,
  children: ReadonlyMap<string, ChildProcess>,
  member: ControlPlaneMember,
  component: ComponentName,
) {
  await until(async () => {
    if (hasEnded(children.get(key(member, component)) as ChildProcess)) return true;
    return (await running.health(member, component)) === 200 || undefined;
  });
  if (hasEnded(children.get(key(member, component)) as ChildProcess))
    throw new Error(`${key(member, component)} has ended; see ${logFile(member, component)}.`);
}

async function killChild(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || hasEnded(child)) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function key(member: ControlPlaneMember, component: ComponentName): string {
  return `${member.name}/${component}`;
}

function logFile(member: ControlPlaneMember, component: ComponentName): string {
  return join(member.directory, `${component}.log`);
}
