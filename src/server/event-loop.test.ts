import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createKeptTestCore, type TestCore, testCredentials } from "../../test/support/core.ts";
import { blindObserver } from "../../test/support/huawei-services.ts";
import { steadyHold } from "../../test/support/loop-meter.ts";
import { headersOf } from "../../test/support/raw-client.ts";
import type { ClusterObserver } from "../core/clusters/observer.ts";
import { createClusterParameters as ackParameters } from "../dialects/ack/clusters/create/table/table.ts";
import { withNodePool, withWorkers } from "../dialects/ack/clusters/create/testing/bodies.ts";
import { ack } from "../dialects/ack/index.ts";
import { signAcs3 } from "../dialects/ack/signature/testing/client-signer.ts";
import { createClusterParameters as cceParameters } from "../dialects/cce/clusters/create/table/table.ts";
import { smallest } from "../dialects/cce/clusters/create/testing/bodies.ts";
import { cce } from "../dialects/cce/index.ts";
import { mount, usualBodyLimit } from "../dialects/common/dialect.ts";
import { longestOf, type PlacedParameter, placedParameters } from "../dialects/common/parameters/parameter.ts";
import { type Body, put } from "../dialects/common/parameters/testing/places.ts";
import type { SignedRequest } from "../dialects/common/signature/signed-request.ts";
import { signSdk } from "../dialects/huawei/testing/client-signer.ts";
import { iam } from "../dialects/iam/index.ts";
import { createApp } from "./app.ts";
import { createGuard } from "./guard.ts";

/** The most that a request may hold up the others, in milliseconds of processor time. */
const bound = 50;

let test: TestCore;
let app: FastifyInstance;
beforeAll(async () => {
  test = await createKeptTestCore();
  const seen: Partial<ClusterObserver> = {
    nodeReadiness: async () => new Map(),
    readiness: async () => ({ isReady: true }),
    certificateAuthority: async () => undefined,
  };
  const settings = { validation: "lenient", inventory: "implicit", disableRollbackMeaning: "text" } as const;
  const context = {
    core: test.core,
    observer: { ...blindObserver, ...seen },
    settings,
    newestVersion: async () => undefined,
  };
  app = await createApp({
    ...{ log: pino({ level: "silent" }), version: "1.2.3", ...context },
    dialects: [mount(ack, context), mount(cce, context), mount(iam, context)],
    guard: createGuard([]),
    checkReady: async () => undefined,
  });
  await app.ready();
});
afterAll(async () => {
  await app?.close();
  await test?.close();
});

const { accessKeyId, accessKeySecret: secret, projectId } = testCredentials;
const headers = { "content-type": "application/json", host: "localhost" };

/** What sends a dialect's requests, signed as its clients do. */
const signers: Record<
  string,
  (method: string, path: string, body: string, query?: Record<string, string>) => SignedRequest
> = {
  ack: (method, path, body, query = {}) =>
    signAcs3({ ...{ method, path, query, headers, body, accessKeyId, secret }, date: new Date(), nonce: randomUUID() }),
  cce: (method, path, body, query = {}) =>
    signSdk({
      ...{ method, path: path.split("/").slice(1), headers, unsigned: [], body, accessKeyId, secret, date: new Date() },
      query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    }),
};
signers.iam = signers.cce as (typeof signers)[string];

const clusters: Record<string, string> = { ack: "/clusters", cce: `/api/v3/projects/${projectId}/clusters` };

/** Sends a request, more than once if need be. @returns how long it held the loop, and the last answer */
async function measured(sign: () => SignedRequest) {
  let answer = { status: 0, text: "" };
  let signed = sign();
  const hold = await steadyHold(bound, async () => {
    const { method, rawTarget, rawHeaders, body } = signed;
    const { statusCode, body: text } = await app.inject({
      ...{ method: method as "GET", url: rawTarget, headers: headersOf(rawHeaders) },
      ...(body.length > 0 && { payload: body }),
    });
    answer = { status: statusCode, text };
    // A nonce is good once. Signing is the client's work.
    signed = sign();
  });
  return { hold, ...answer };
}

const create = (dialect: string, body: string) =>
  measured(() => signers[dialect]?.("POST", clusters[dialect] ?? "", body) as SignedRequest);

const usual: Record<string, Body> = { ack: withWorkers, cce: smallest };

/** A body with as many characters as the limit leaves room for. */
const filled = (body: string, unit = " "): string =>
  body.replace("…", unit.repeat((usualBodyLimit - Buffer.byteLength(body) + 3) / Buffer.byteLength(unit)));

/** The usual body with members that nobody knows. */
const withMembers = (dialect: string, members: string): string =>
  `${JSON.stringify(usual[dialect]).slice(0, -1)},${members}}`;

const many = (count: number, item: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => item(n)).join(",");

/** Texts of nothing but what may be slow: to read, to write, to match with a pattern. */
const texts: Record<string, (length: number) => string> = {
  letters: (length) => "x".repeat(length),
  "digits and a line": (length) => `${"11111a".repeat(length / 6)}\n`.slice(-length),
  "words and hyphens": (length) => "a-".repeat(length / 2),
};

/** What of an OpenAPI document says how an operation is called. */
interface Described {
  operationId?: string;
  parameters?: { in: string; name: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/** The places of texts in what a schema describes, as `put` takes them. */
function textPlaces({ type, properties = {}, items }: Schema, place = ""): string[] {
  if (type === "string") return [place];
  if (type === "array" && items) return textPlaces(items, `${place}[]`);
  return Object.entries(properties).flatMap(([name, inner]) => textPlaces(inner, place ? `${place}.${name}` : name));
}

// First, since lists without pages grow with the clusters that the others make.
describe("every operation", () => {
  /** The operations that are served, with a cluster of each dialect in their paths. */
  async function operations() {
    const { text: made } = await create("ack", JSON.stringify(withWorkers));
    const { text: shown } = await create("cce", JSON.stringify(smallest));
    const ids: Record<string, string> = { ack: JSON.parse(made).cluster_id, cce: JSON.parse(shown).metadata.uid };
    return Object.entries(app.swagger().paths as Record<string, Record<string, Described>>).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, described]) => {
        const [dialect = ""] = (described.operationId ?? "").split(".");
        if (!signers[dialect]) return [];
        const filledIn = path
          .replace(/\{cluster_?id\}/i, ids[dialect] ?? "none")
          .replace("{project_id}", projectId)
          .replace(/\{\w+\}/g, "none");
        return [{ ...described, dialect, method: method.toUpperCase(), path: filledIn, name: described.operationId }];
      }),
    );
  }

  it("with a body takes any text of it at the greatest length, and any body of many values", async () => {
    const slow: unknown[] = [];
    const taking = (await operations()).filter(({ requestBody }) => requestBody);
    expect(taking.length).toBeGreaterThan(3);
    for (const { requestBody, dialect, method, path, name } of taking) {
      const schema = Object.values(requestBody?.content ?? {})[0]?.schema ?? {};
      const bodies = [
        ...textPlaces(schema).flatMap((place) =>
          Object.values(texts).map((text) => JSON.stringify(put({}, place, text(65_536)))),
        ),
        `{${many(900, (n) => `"u${n}":{${many(9, (m) => `"a${m}":1`)}}`)}}`,
        ...Object.keys(schema.properties ?? {}).map((member) => `{"${member}":[${many(9_000, () => "{}")}]}`),
      ];
      for (const body of bodies) {
        const { hold, status } = await measured(() => signers[dialect]?.(method, path, body) as SignedRequest);
        if (hold > bound || status >= 500) slow.push({ name, hold, status, body: body.slice(0, 100) });
      }
    }
    expect(slow).toEqual([]);
  });

  it("takes a query as long as headers may be", async () => {
    const slow: unknown[] = [];
    const asked = (await operations()).filter(({ parameters }) => parameters?.some((one) => one.in === "query"));
    expect(asked.length).toBeGreaterThan(3);
    for (const { parameters = [], dialect, method, path, name } of asked)
      for (const query of parameters.filter((one) => one.in === "query"))
        for (const text of Object.values(texts)) {
          const value = text(12_000).trim();
          const { hold, status } = await measured(
            () => signers[dialect]?.(method, path, "", { [query.name]: value }) as SignedRequest,
          );
          if (hold > bound || status >= 500) slow.push({ name, query: query.name, hold, status });
        }
    expect(slow).toEqual([]);
  });
});

describe.each(["ack", "cce"])("the largest bodies that are allowed (%s)", (dialect) => {
  const text = 65_536;
  const shapes: [string, () => string][] = [
    ["spaces", () => filled("{…}")],
    ["a line break after the other", () => filled("…x", "\n")],
    ["a text that does not end", () => filled('{"u":"…', "x")],
    [
      "texts that nobody knows",
      () =>
        withMembers(
          dialect,
          many(7, (n) => `"u${n}":"${"x".repeat(text)}"`),
        ),
    ],
    [
      "escaped texts that nobody knows",
      () =>
        withMembers(
          dialect,
          many(3, (n) => `"u${n}":"${"\\n".repeat(text)}"`),
        ),
    ],
    [
      "texts that are JSON",
      () =>
        withMembers(
          dialect,
          many(7, (n) => `"u${n}":"[${"{},".repeat(text / 3 - 10)}{}]"`),
        ),
    ],
    [
      "long names",
      () =>
        withMembers(
          dialect,
          many(500, (n) => `"${`u${n}`.padEnd(1000, "x")}":1`),
        ),
    ],
    ["names", () => `{${many(900, (n) => `"u${n}":{${many(9, (m) => `"a${m}":1`)}}`)}}`],
    [
      "names that nobody knows",
      () =>
        withMembers(
          dialect,
          many(19, (n) => `"u${n}":{${many(500, (m) => `"a${m}":1`)}}`),
        ),
    ],
    ["numbers", () => `{"tags":[${many(19_900, () => "1")}]}`],
    ["objects", () => `{"nodepools":[${many(19_900, () => "{}")}]}`],
    ["lists in lists", () => `{"u":[${many(2_400, () => "[[[[[[[[]]]]]]]]")}]}`],
    ["what is no UTF-8", () => filled("…", "\ufffd").slice(1)],
    ["taints with a word for a number", () => `{"taints":[${many(3_900, (n) => `{"key":${n},"value":[]}`)}]}`],
  ];

  it.each(shapes)("hold up nobody for long: %s", async (_what, body) => {
    const { hold, status } = await create(dialect, body());
    expect(hold).toBeLessThan(bound);
    expect([200, 201, 400]).toContain(status);
  });

  it("are bounded, which the refusal of larger ones says", async () => {
    const { hold, status, text } = await create(dialect, withMembers(dialect, `"u":"${"x".repeat(1024 * 1024)}"`));
    expect(hold).toBeLessThan(bound);
    expect([status, text]).toEqual([413, expect.stringContaining("At most 524288 bytes are accepted.")]);
  });
});

const isText = ({ parameter }: PlacedParameter): boolean =>
  (parameter.type === "text" && !parameter.values) || (parameter.type === "list" && parameter.items.type === "text");

describe.each([["ack", ackParameters] as const, ["cce", cceParameters] as const])(
  "a text of CreateCluster (%s)",
  (dialect, parameters) => {
    const places = placedParameters(parameters).filter(isText);
    const bodyWith = ({ path, parameter }: PlacedParameter, text: string): string => {
      const base = path.startsWith("nodepools") ? withNodePool : usual[dialect];
      return JSON.stringify(put(structuredClone(base as Body), path, parameter.type === "list" ? [text] : text));
    };
    const limitOf = ({ parameter }: PlacedParameter): number =>
      parameter.type === "list" ? longestOf(parameter.items as never) : longestOf(parameter as never);

    it.each(places.map((place) => [place.path, place] as const))(
      "may be as long as it may be: %s",
      async (_path, place) => {
        for (const text of Object.values(texts)) {
          const { hold, status } = await create(dialect, bodyWith(place, text(limitOf(place))));
          expect(hold).toBeLessThan(bound);
          expect([200, 201, 400]).toContain(status);
        }
      },
    );

    it.each(places.map((place) => [place.path, place] as const))(
      "is refused where it is as long as the body: %s",
      async (_path, place) => {
        const { hold, status } = await create(dialect, bodyWith(place, "x".repeat(usualBodyLimit - 10_000)));
        expect(hold).toBeLessThan(bound);
        expect(status).toBe(400);
      },
    );
  },
);

describe("as many nodes as one request may ask for", () => {
  const pools = Array.from({ length: 10 }, (_, n) => ({
    count: 100,
    scaling_group: { vswitch_ids: [`vsw-of-many-${n}`], data_disks: [{ size: 40 }], instance_types: ["ecs.c6.large"] },
  }));
  const body = JSON.stringify({
    ...{ name: "many", cluster_type: "ManagedKubernetes", region_id: "cn-beijing", vpcid: "vpc-of-many" },
    ...{
      vswitch_ids: ["vsw-of-many-0"],
      container_cidr: "172.16.0.0/14",
      service_cidr: "10.0.0.0/20",
      node_cidr_mask: "24",
    },
    nodepools: pools,
  });

  it("are planned, and what was made for them is shown, with turns for others", async () => {
    const { hold, status, text } = await create("ack", body);
    expect([status, text]).toEqual([200, expect.stringContaining("cluster_id")]);
    expect(hold).toBeLessThan(bound);
    const path = `/clusters/${JSON.parse(text).cluster_id}`;
    for (const accept of ["application/json", "application/xml"])
      for (const shown of [`${path}/resources`, `${path}/nodepools`, path]) {
        const answer = await measured(() =>
          signAcs3({
            ...{ method: "GET", path: shown, query: {}, headers: { ...headers, accept }, body: "" },
            ...{ accessKeyId, secret, date: new Date(), nonce: randomUUID() },
          }),
        );
        expect(answer.status).toBe(200);
        expect(answer.hold, `${shown} ${accept}`).toBeLessThan(bound);
      }
  });
});

describe("the lists of all clusters, which have no pages", () => {
  it.each(["ack", "cce"])(
    "are shown with turns for others (%s), with the hundreds that were made here",
    async (dialect) => {
      const { hold, status } = await measured(
        () => signers[dialect]?.("GET", clusters[dialect] ?? "", "") as SignedRequest,
      );
      expect(status).toBe(200);
      expect(hold).toBeLessThan(bound);
    },
  );
});
