import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { apiError, createFakeApiClient, type SentRequest } from "../../test/support/fake-api-client.ts";
import { KubernetesUnreachableError } from "../kubernetes/client.ts";
import { startInformer } from "./informer.ts";
import type { KubernetesObject } from "./objects.ts";

const log = pino({ level: "silent" });
const stopping: AbortController[] = [];

afterEach(() => {
  for (const controller of stopping.splice(0)) controller.abort();
});

const object = (name: string, resourceVersion: number, uid = `uid-${name}`): KubernetesObject => ({
  metadata: { name, uid, resourceVersion: String(resourceVersion) },
});
const list = (resourceVersion: number, ...items: KubernetesObject[]) => ({
  metadata: { resourceVersion: String(resourceVersion) },
  items,
});
const unreachable = () => new KubernetesUnreachableError("https://api", "GET", "/things", new Error("refused"));

/** An informer whose lists are answered in turn, the last one again and again; changes are noted as `name before→now`. */
function follow(...answers: (unknown | Error)[]) {
  const stop = new AbortController();
  stopping.push(stop);
  const changes: string[] = [];
  let syncs = 0;
  const client = createFakeApiClient(() => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const version = (thing: KubernetesObject | undefined) => thing?.metadata.resourceVersion ?? "-";
  const informer = startInformer<KubernetesObject>({
    client,
    path: "/things",
    query: { labelSelector: "x=y" },
    trim: ({ metadata: { name, uid, resourceVersion } }) => ({ metadata: { name, uid, resourceVersion } }),
    onChange: (now, before) => changes.push(`${(now ?? before)?.metadata.name} ${version(before)}→${version(now)}`),
    onSync: () => (syncs += 1),
    log,
    signal: stop.signal,
  });
  const untilWatch = (count: number) =>
    vi.waitFor(() => {
      expect(client.watches).toHaveLength(count);
      return client.watches[count - 1] as (typeof client.watches)[number];
    });
  return { informer, client, changes, untilWatch, stop, syncs: () => syncs };
}

describe("startInformer", () => {
  it("lists, then watches from the list's version", async () => {
    const { informer, client, changes, untilWatch, syncs } = follow(list(10, object("a", 3), object("b", 4)));
    const watch = await untilWatch(1);
    expect(informer.synced).toBe(true);
    expect([...informer.items.keys()]).toEqual(["a", "b"]);
    expect(changes).toEqual(["a -→3", "b -→4"]);
    expect(syncs()).toBe(1);
    expect(watch.query).toEqual({ labelSelector: "x=y", resourceVersion: "10", allowWatchBookmarks: true });
    expect(client.requests[0]?.query).toMatchObject({ labelSelector: "x=y", limit: 500 });
  });

  it("lists page by page", async () => {
    const first = { metadata: { resourceVersion: "10", continue: "next" }, items: [object("a", 1)] };
    const { informer, client, untilWatch } = follow(first, list(10, object("b", 2)));
    await untilWatch(1);
    expect([...informer.items.keys()]).toEqual(["a", "b"]);
    expect(client.requests.map(({ query }: SentRequest) => query?.continue)).toEqual([undefined, "next"]);
  });

  it("takes events in", async () => {
    const { informer, changes, untilWatch } = follow(list(10, object("a", 3)));
    const watch = await untilWatch(1);
    watch.send({ type: "ADDED", object: object("b", 11) });
    watch.send({ type: "MODIFIED", object: object("a", 12) });
    watch.send({ type: "DELETED", object: object("b", 13) });
    watch.send({ type: "BOOKMARK", object: object("ignored", 20) });
    await vi.waitFor(() => expect(changes.slice(1)).toEqual(["b -→11", "a 3→12", "b 11→-"]));
    expect([...informer.items.keys()]).toEqual(["a"]);
  });

  it("watches on from the last version, bookmarks included, when a watch ends", async () => {
    const { untilWatch } = follow(list(10));
    const watch = await untilWatch(1);
    watch.send({ type: "BOOKMARK", object: object("", 20) });
    watch.end();
    expect((await untilWatch(2)).query).toMatchObject({ resourceVersion: "20" });
  });

  it("watches on from the last version when the connection breaks", async () => {
    const { client, untilWatch } = follow(list(10));
    (await untilWatch(1)).end(unreachable());
    expect((await untilWatch(2)).query).toMatchObject({ resourceVersion: "10" });
    expect(client.requests).toHaveLength(1);
  });

  it("lists again when the version is too old, and tells what has come, changed and gone meanwhile", async () => {
    const { informer, changes, untilWatch, syncs } = follow(
      list(10, object("gone", 1), object("same", 2), object("changed", 3), object("reborn", 4, "old")),
      list(50, object("same", 2), object("changed", 40), object("reborn", 41, "new"), object("come", 42)),
    );
    (await untilWatch(1)).end(apiError(410, "Expired"));
    expect((await untilWatch(2)).query).toMatchObject({ resourceVersion: "50" });
    expect(changes.slice(4)).toEqual(["gone 1→-", "reborn 4→-", "changed 3→40", "reborn -→41", "come -→42"]);
    expect([...informer.items.keys()].sort()).toEqual(["changed", "come", "reborn", "same"]);
    expect(syncs()).toBe(2);
  });

  it("goes on trying until the API server answers", async () => {
    const { informer, untilWatch } = follow(unreachable(), apiError(503), unreachable(), list(10, object("a", 1)));
    expect(informer.synced).toBe(false);
    await untilWatch(1);
    expect([...informer.items.keys()]).toEqual(["a"]);
  });

  it("takes in the answer to a write at once, and ignores older events after it", async () => {
    const { informer, changes, untilWatch } = follow(list(10, object("a", 3)));
    const watch = await untilWatch(1);
    informer.put(object("a", 15));
    watch.send({ type: "MODIFIED", object: object("a", 12) });
    watch.send({ type: "MODIFIED", object: object("a", 15) });
    watch.send({ type: "MODIFIED", object: object("a", 16) });
    await vi.waitFor(() => expect(changes.slice(1)).toEqual(["a 3→15", "a 15→16"]));
  });

  it("tells a successor of the same name from its predecessor, whose late events change nothing", async () => {
    const { informer, changes, untilWatch } = follow(list(10, object("a", 3, "first")));
    const watch = await untilWatch(1);
    watch.send({ type: "ADDED", object: object("a", 12, "second") });
    watch.send({ type: "DELETED", object: object("a", 11, "first") });
    watch.send({ type: "ADDED", object: object("end", 13) });
    await vi.waitFor(() => expect(changes.slice(1)).toEqual(["a 3→-", "a -→12", "end -→13"]));
    expect(informer.items.get("a")?.metadata.uid).toBe("second");
  });

  it("ends when told to", async () => {
    const { informer, untilWatch, stop } = follow(list(10));
    await untilWatch(1);
    stop.abort();
    await informer.ended;
  });

  it("ends when told to while it waits to try again", async () => {
    const { informer, client, stop } = follow(unreachable());
    await vi.waitFor(() => expect(client.requests).not.toHaveLength(0));
    stop.abort();
    await informer.ended;
  });
});
