import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findContainer, type LogOptions, parseLogOptions, renderLog, toEndLine, toLogLines } from "./container-logs.ts";
import type { PodObject } from "./objects.ts";

const now = new Date("2026-01-31T08:10:00.500Z");
const status = { name: "app", image: "nginx:1.25", imageID: "", ready: true, restartCount: 0 };
const startedAt = "2026-01-31T08:00:00Z";
const terminated = {
  exitCode: 0,
  reason: "Completed",
  startedAt,
  finishedAt: "2026-01-31T08:05:00Z",
  containerID: "docker://x",
};

function podWith(container: object, containerStatus: object | undefined): PodObject {
  return {
    metadata: { name: "web", namespace: "shop", uid: "u", resourceVersion: "1" },
    spec: { nodeName: "worker-1", containers: [{ name: "app", image: "nginx", ...container }] },
    status: { containerStatuses: containerStatus ? [{ ...status, ...containerStatus }] : undefined },
  };
}

const linesOf = (pod: PodObject, previous = false) => toLogLines(pod, findContainer(pod, "app"), previous);

describe("parseLogOptions", () => {
  const defaults: LogOptions = {
    follow: false,
    timestamps: false,
    previous: false,
    tailLines: undefined,
    limitBytes: undefined,
    since: undefined,
    output: true,
  };

  it.each<[string, Partial<LogOptions>]>([
    ["", {}],
    ["follow=true&timestamps=true&previous=true", { follow: true, timestamps: true, previous: true }],
    ["follow=1", { follow: true }],
    ["follow=false", {}],
    ["tailLines=0", { tailLines: 0 }],
    ["tailLines=20&limitBytes=100", { tailLines: 20, limitBytes: 100 }],
    ["sinceSeconds=60", { since: new Date("2026-01-31T08:09:00.500Z") }],
    ["sinceTime=2026-01-31T07:00:00Z", { since: new Date("2026-01-31T07:00:00Z") }],
    ["stream=Stdout", {}],
    ["stream=All", {}],
    ["stream=Stderr", { output: false }],
  ])("reads %j", (query, expected) => {
    expect(parseLogOptions(new URLSearchParams(query), now)).toEqual({ ...defaults, ...expected });
  });

  it.each([
    ["tailLines=-1", 'tailLines is "-1", but must be a whole number of at least 0.'],
    ["tailLines=many", 'tailLines is "many", but must be a whole number of at least 0.'],
    ["limitBytes=0", 'limitBytes is "0", but must be a whole number of at least 1.'],
    ["sinceSeconds=0", 'sinceSeconds is "0", but must be a whole number of at least 1.'],
    ["sinceTime=yesterday", 'sinceTime is "yesterday", but must be a time such as 2026-01-31T08:00:00Z.'],
  ])("refuses %j", (query, message) => {
    expect(() => parseLogOptions(new URLSearchParams(query), now)).toThrow(
      expect.objectContaining({ status: 400, message }),
    );
  });
});

describe("toLogLines", () => {
  it("says that the container is simulated, what it is and since when it runs", () => {
    const pod = podWith({}, { state: { running: { startedAt } } });
    expect(linesOf(pod).map(({ text }) => text)).toEqual([
      "This is a simulated container: no image was pulled and no program runs here.",
      "Pod shop/web, container app, on node worker-1.",
      "Image: nginx:1.25",
      "Would run: the image's own entry point",
      "Started at 2026-01-31T08:00:00Z.",
    ]);
    expect(new Set(linesOf(pod).map(({ time }) => time.toISOString()))).toEqual(new Set(["2026-01-31T08:00:00.000Z"]));
  });

  it.each([
    [{ command: ["sh", "-c"], args: ["echo hi"] }, 'Would run: ["sh","-c","echo hi"]'],
    [{ command: ["sleep", "1"] }, 'Would run: ["sleep","1"]'],
    [{ args: ["--port=80"] }, 'Would run: the image\'s own entry point with ["--port=80"]'],
  ])("shows the command of %j", (container, expected) => {
    const pod = podWith(container, { state: { running: { startedAt } } });
    expect(linesOf(pod)[3]?.text).toBe(expected);
  });

  it.each([
    [terminated, "Completed with exit code 0 at 2026-01-31T08:05:00Z."],
    [{ ...terminated, exitCode: 143 }, "Stopped with exit code 143 at 2026-01-31T08:05:00Z."],
  ])("ends with the container", (end, text) => {
    const lines = linesOf(podWith({}, { state: { terminated: end } }));
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toEqual({ time: new Date("2026-01-31T08:05:00Z"), text });
  });

  it("has the run before the present one", () => {
    const pod = podWith({}, { state: { running: { startedAt: "2026-01-31T08:06:00Z" } }, lastState: { terminated } });
    expect(linesOf(pod, true).at(-1)?.text).toBe("Completed with exit code 0 at 2026-01-31T08:05:00Z.");
    expect(linesOf(pod).at(-1)?.text).toBe("Started at 2026-01-31T08:06:00Z.");
  });

  it("refuses a container that has not started, in a kubelet's words", () => {
    const expected = { status: 400, message: 'container "app" in pod "web" is waiting to start: ContainerCreating' };
    expect(() => linesOf(podWith({}, undefined))).toThrow(expect.objectContaining(expected));
  });

  it("refuses a run that never was", () => {
    const pod = podWith({}, { state: { running: { startedAt } }, lastState: {} });
    const expected = { status: 400, message: 'previous terminated container "app" in pod "web" not found' };
    expect(() => linesOf(pod, true)).toThrow(expect.objectContaining(expected));
  });
});

describe("findContainer", () => {
  const pod: PodObject = {
    ...podWith({}, { state: { running: { startedAt } } }),
    spec: {
      containers: [{ name: "app" }],
      initContainers: [{ name: "setup" }],
      ephemeralContainers: [{ name: "debugger" }],
    },
  };

  it.each(["app", "setup", "debugger"])("finds %s", (name) => {
    expect(findContainer(pod, name).spec.name).toBe(name);
  });

  it("refuses an unknown name", () => {
    const expected = { status: 404, message: 'container "other" not found in pod "web"' };
    expect(() => findContainer(pod, "other")).toThrow(expect.objectContaining(expected));
  });
});

describe("toEndLine", () => {
  it("is nothing while the container runs, and when nothing is known of it", () => {
    expect([{ running: { startedAt } }, {}, undefined].map(toEndLine)).toEqual([undefined, undefined, undefined]);
  });
});

describe("renderLog", () => {
  const lines = ["one", "two", "three"].map((text, index) => ({
    time: new Date(Date.parse("2026-01-31T08:00:00Z") + index * 60_000),
    text,
  }));
  const all = parseLogOptions(new URLSearchParams(), now);
  const render = (options: Partial<LogOptions>) => renderLog(lines, { ...all, ...options }).toString();

  it.each<[Partial<LogOptions>, string]>([
    [{}, "one\ntwo\nthree\n"],
    [{ tailLines: 2 }, "two\nthree\n"],
    [{ tailLines: 0 }, ""],
    [{ tailLines: 9 }, "one\ntwo\nthree\n"],
    [{ limitBytes: 5 }, "one\nt"],
    [{ since: new Date("2026-01-31T08:01:00.900Z") }, "two\nthree\n"],
    [{ since: new Date("2026-01-31T08:03:00Z") }, ""],
    [{ since: new Date("2026-01-31T08:01:00Z"), tailLines: 1 }, "three\n"],
    [{ timestamps: true, tailLines: 1 }, "2026-01-31T08:02:00.000000000Z three\n"],
    [{ output: false }, ""],
  ])("with %j", (options, expected) => {
    expect(render(options)).toBe(expected);
  });

  it("never gives more lines or bytes than asked for", () => {
    const option = fc.option(fc.nat(40), { nil: undefined });
    fc.assert(
      fc.property(fc.array(fc.string()), option, option, (texts, tailLines, limitBytes) => {
        const some = texts.map((text) => ({ time: now, text: text.replaceAll("\n", "") }));
        const log = renderLog(some, { ...all, tailLines, limitBytes });
        expect(log.length).toBeLessThanOrEqual(limitBytes ?? Number.POSITIVE_INFINITY);
        expect(log.toString().split("\n").length - 1).toBeLessThanOrEqual(tailLines ?? some.length);
      }),
    );
  });
});
