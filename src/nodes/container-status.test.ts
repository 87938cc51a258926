import { describe, expect, it } from "vitest";
import {
  runtimeName,
  toCompleted,
  toDebugging,
  toImage,
  toInitialized,
  toKilled,
  toRunning,
} from "./container-status.ts";
import type { PodObject } from "./objects.ts";

const pod: PodObject = {
  metadata: { name: "web", namespace: "default", uid: "uid-1", resourceVersion: "1" },
  spec: { containers: [{ name: "app", image: "nginx:1.25" }] },
};
const app = { name: "app", image: "nginx:1.25" };
const early = { runtime: "docker", time: "2026-01-31T08:00:00Z" };
const late = { runtime: "docker", time: "2026-01-31T09:00:00Z" };

describe("runtimeName", () => {
  it.each([
    ["docker://19.3.5", "docker"],
    ["containerd://1.6.28", "containerd"],
    ["Sandboxed-Container.runv://2.2.0", "Sandboxed-Container.runv"],
  ])("of %s is %s", (version, expected) => {
    expect(runtimeName(version)).toBe(expected);
  });
});

describe("toImage", () => {
  const digest = `sha256:${"a".repeat(64)}`;

  it.each([
    ["nginx", "docker", "nginx:latest", /^docker-pullable:\/\/nginx@sha256:[0-9a-f]{64}$/],
    ["nginx:1.25", "docker", "nginx:1.25", /^docker-pullable:\/\/nginx@sha256:/],
    ["nginx", "containerd", "docker.io/library/nginx:latest", /^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/],
    ["team/app:2", "containerd", "docker.io/team/app:2", /^docker\.io\/team\/app@sha256:/],
    ["reg.example.com/app", "containerd", "reg.example.com/app:latest", /^reg\.example\.com\/app@sha256:/],
    ["localhost:5000/app:2", "containerd", "localhost:5000/app:2", /^localhost:5000\/app@sha256:/],
    ["localhost:5000/app", "docker", "localhost:5000/app:latest", /^docker-pullable:\/\/localhost:5000\/app@sha256:/],
    [`nginx@${digest}`, "docker", `nginx@${digest}`, /^docker-pullable:\/\/nginx@sha256:a{64}$/],
    [`nginx@${digest}`, "containerd", `docker.io/library/nginx@${digest}`, /^docker\.io\/library\/nginx@sha256:a{64}$/],
  ])("of %s with %s is %s", (reference, runtime, image, imageID) => {
    expect(toImage(reference, runtime)).toEqual({ image, imageID: expect.stringMatching(imageID) });
  });

  it("gives spellings of one image one digest, and other images another", () => {
    const ids = ["nginx", "nginx:latest", "docker.io/library/nginx:latest", "nginx:1.25"].map(
      (name) => toImage(name, "containerd").imageID,
    );
    expect(new Set(ids.slice(0, 3)).size).toBe(1);
    expect(ids[3]).not.toBe(ids[0]);
  });
});

describe("toRunning", () => {
  const running = toRunning(pod, app, undefined, early);

  it("starts a container", () => {
    expect(running).toEqual({
      name: "app",
      image: "nginx:1.25",
      imageID: expect.stringMatching(/^docker-pullable:\/\/nginx@/),
      containerID: expect.stringMatching(/^docker:\/\/[0-9a-f]{64}$/),
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: "2026-01-31T08:00:00Z" } },
      lastState: {},
    });
  });

  it("starts one that waited without counting a restart", () => {
    const waiting = { ...running, state: { waiting: { reason: "ContainerCreating" } } };
    expect(toRunning(pod, app, waiting, late).restartCount).toBe(0);
  });

  it("leaves one alone that runs", () => {
    expect(toRunning(pod, app, running, late)).toBe(running);
  });

  it("starts one anew whose image was changed", () => {
    const updated = toRunning(pod, { name: "app", image: "nginx:1.26" }, running, late);
    expect(updated).toMatchObject({
      image: "nginx:1.26",
      restartCount: 1,
      state: { running: { startedAt: "2026-01-31T09:00:00Z" } },
      lastState: {
        terminated: {
          exitCode: 0,
          startedAt: "2026-01-31T08:00:00Z",
          finishedAt: "2026-01-31T09:00:00Z",
          containerID: running.containerID,
        },
      },
    });
    expect(updated.containerID).not.toBe(running.containerID);
  });

  it("gives the containers of different pods different ids", () => {
    const other = { ...pod, metadata: { ...pod.metadata, uid: "uid-2" } };
    expect(toRunning(other, app, undefined, early).containerID).not.toBe(running.containerID);
  });
});

describe("toInitialized", () => {
  const done = toInitialized(pod, app, undefined, early);

  it("has completed, and counts as ready", () => {
    expect(done).toMatchObject({
      ready: true,
      started: false,
      restartCount: 0,
      state: { terminated: { exitCode: 0, reason: "Completed", containerID: done.containerID } },
    });
  });

  it("is left alone once it has", () => {
    expect(toInitialized(pod, app, done, late)).toBe(done);
  });
});

describe("toDebugging", () => {
  const debugging = toDebugging(pod, app, undefined, early);

  it("runs without ever being ready", () => {
    expect(debugging).toMatchObject({ ready: false, state: { running: { startedAt: "2026-01-31T08:00:00Z" } } });
    expect(toDebugging(pod, app, debugging, late)).toBe(debugging);
  });
});

describe("the end of a container", () => {
  const running = toRunning(pod, app, undefined, early);

  it.each([
    ["completed", toCompleted, 0, "Completed"],
    ["killed", toKilled, 143, "Error"],
  ])("%s", (_how, end, exitCode, reason) => {
    expect(end(running, late.time)).toEqual({
      ...running,
      ready: false,
      started: false,
      state: {
        terminated: {
          exitCode,
          reason,
          startedAt: "2026-01-31T08:00:00Z",
          finishedAt: "2026-01-31T09:00:00Z",
          containerID: running.containerID,
        },
      },
    });
  });

  it("happens once", () => {
    const completed = toCompleted(running, late.time);
    expect(toKilled(completed, late.time)).toBe(completed);
  });
});
