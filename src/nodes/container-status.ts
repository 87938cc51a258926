import { createHash } from "node:crypto";
import type { ContainerSpec, ContainerStatus, PodObject } from "./objects.ts";

/** What a container's status tells beside its pod: the node's runtime and the time. */
export interface ContainerFacts {
  /** Name of the container runtime as ids carry it, e.g. `docker` or `containerd`. */
  runtime: string;
  /** RFC 3339, whole seconds. */
  time: string;
}

/** Exit code of a program that was ended by SIGTERM. */
const sigtermExitCode = 143;

/** The runtime's name in a node's `containerRuntimeVersion`, e.g. `docker` of `docker://19.3.5`. */
export function runtimeName(containerRuntimeVersion: string): string {
  return containerRuntimeVersion.split("://", 1)[0] ?? "";
}

/** A container that runs: as before where it runs already, started anew where its image was changed. */
export function toRunning(
  pod: PodObject,
  spec: ContainerSpec,
  before: ContainerStatus | undefined,
  facts: ContainerFacts,
): ContainerStatus {
  const { image, imageID } = toImage(spec.image ?? "", facts.runtime);
  if (before?.state?.running && before.image === image) return before;
  const restartCount = before?.state?.waiting || !before ? 0 : before.restartCount + 1;
  return {
    name: spec.name,
    image,
    imageID,
    containerID: toContainerId(pod, spec, restartCount, facts.runtime),
    ready: true,
    started: true,
    restartCount,
    state: { running: { startedAt: facts.time } },
    lastState: restartCount > 0 && before ? (toEnded(before, 0, facts.time).state ?? {}) : {},
  };
}

/** An init container that has done its work. */
export function toInitialized(
  pod: PodObject,
  spec: ContainerSpec,
  before: ContainerStatus | undefined,
  facts: ContainerFacts,
): ContainerStatus {
  if (before?.state?.terminated) return before;
  const started = toRunning(pod, spec, undefined, facts);
  return { ...toEnded(started, 0, facts.time), ready: true };
}

/** A container for `kubectl debug`: it runs, but never counts as ready. */
export function toDebugging(
  pod: PodObject,
  spec: ContainerSpec,
  before: ContainerStatus | undefined,
  facts: ContainerFacts,
): ContainerStatus {
  if (before?.state?.running || before?.state?.terminated) return before;
  return { ...toRunning(pod, spec, undefined, facts), ready: false, started: false };
}

/** A container whose program ended by itself, successfully. */
export function toCompleted(before: ContainerStatus, time: string): ContainerStatus {
  return toEnded(before, 0, time);
}

/** A container that was told to stop. */
export function toKilled(before: ContainerStatus, time: string): ContainerStatus {
  return toEnded(before, sigtermExitCode, time);
}

function toEnded(before: ContainerStatus, exitCode: number, time: string): ContainerStatus {
  if (before.state?.terminated) return before;
  const terminated = {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    startedAt: before.state?.running?.startedAt ?? time,
    finishedAt: time,
    containerID: before.containerID ?? "",
  };
  return { ...before, ready: false, started: false, state: { terminated } };
}

function toContainerId(pod: PodObject, spec: ContainerSpec, restartCount: number, runtime: string): string {
  return `${runtime}://${sha256(`${pod.metadata.uid}/${spec.name}/${restartCount}`)}`;
}

/**
 * An image as the runtime reports it: Docker with the short name, containerd and CRI-O with the full one, both with a
 * tag. The digest is a made-up one, the same for the same image.
 */
export function toImage(reference: string, runtime: string): { image: string; imageID: string } {
  const [name = "", digest] = reference.split("@", 2);
  const tagged = /:[^/]*$/.test(name) || digest !== undefined ? name : `${name}:latest`;
  const repository = name.replace(/:[^/:]*$/, "");
  const id = digest ?? `sha256:${sha256(toFullName(tagged))}`;
  return runtime === "docker"
    ? { image: digest ? reference : tagged, imageID: `docker-pullable://${repository}@${id}` }
    : { image: digest ? toFullName(reference) : toFullName(tagged), imageID: `${toFullName(repository)}@${id}` };
}

/** `nginx` is `docker.io/library/nginx`, `team/app` is `docker.io/team/app`; a first part with a dot or port is a host. */
function toFullName(name: string): string {
  const [first = "", ...rest] = name.split("/");
  if (rest.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === "localhost" ? name : `docker.io/${name}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
