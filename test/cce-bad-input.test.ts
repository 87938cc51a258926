import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cceOperations } from "../src/dialects/cce/operations.ts";
import { openDatabase } from "../src/storage/database.ts";
import { tokens } from "../src/storage/schema.ts";
import { askForToken, clustersOf, newToken, type RawCceRequest, sendCce } from "./support/cce-raw.ts";
import { type CceBody, cceSample, smallCceBody } from "./support/cce-sdk.ts";
import type { RawAnswer } from "./support/raw-client.ts";
import { startService, type TestService } from "./support/service.ts";

const unknownUid = "00000000-0000-0000-0000-000000000000";

let service: TestService;
let token: string;

beforeAll(async () => {
  // Without executables, the creation of what is accepted here fails at once instead of starting a cluster.
  service = await startService({ SAMPAN_DISTRIBUTION_PATH: "/nonexistent" });
  token = await newToken(service);
});

afterAll(() => service?.dispose());

const clusters = () => clustersOf(service.credentials.projectId);
const send = (request: RawCceRequest): Promise<RawAnswer> => sendCce(service, { token, ...request });
const post = (body: string | Buffer, further: Partial<RawCceRequest> = {}) =>
  send({ method: "POST", path: clusters(), body, ...further });
const create = (body: unknown) => post(JSON.stringify(body));
const sampleWith = (spec: Record<string, unknown>) => {
  const sample = cceSample("virtual-machine");
  return create({ ...sample, spec: { ...sample.spec, ...spec } });
};

/** Ids of all clusters, those that failed included. */
async function listed(): Promise<string[]> {
  const { json } = await send({ path: clusters(), query: { errorStatus: "1" } });
  return (json as { items: { metadata: { uid: string } }[] }).items.map(({ metadata }) => metadata.uid);
}

/** CCE's error, in both of its spellings. The codes of older releases differ. */
function expectRefusal(answer: RawAnswer, status: number, code: string, message: unknown = expect.any(String)): void {
  expect(answer.json, answer.text.slice(0, 500)).toMatchObject({
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: status,
    errorCode: code,
    errorMessage: expect.stringMatching(/./),
    error_code: expect.stringMatching(/^CCE/),
    error_msg: message,
    message,
  });
  expectAnswer(answer, status);
}

/** The error of the gateway before CCE and IAM. */
function expectGatewayRefusal(answer: RawAnswer, status: number, code: string, message: RegExp): void {
  expect(answer.json, answer.text.slice(0, 500)).toEqual({
    error_code: code,
    error_msg: expect.stringMatching(message),
    request_id: answer.headers["x-request-id"],
  });
  expectAnswer(answer, status);
}

/** The error of IAM. */
function expectIamRefusal(answer: RawAnswer, status: number, message: RegExp): void {
  expect(answer.json, answer.text.slice(0, 500)).toEqual({
    error: { code: status, message: expect.stringMatching(message), title: expect.stringMatching(/./) },
  });
  expectAnswer(answer, status);
}

function expectAnswer({ status, headers }: RawAnswer, expected: number): void {
  expect(status).toBe(expected);
  expect(headers["content-type"]).toMatch(/^application\/json/);
  expect(headers["x-request-id"]).toMatch(/^[0-9a-f]{32}$/);
}

const unauthorized = (answer: RawAnswer, reason: RegExp) =>
  expectGatewayRefusal(
    answer,
    401,
    "APIGW.0301",
    new RegExp(`^Incorrect IAM authentication information: .*${reason.source}`, "s"),
  );

describe("tokens", () => {
  test("of the project, and of a token, are accepted in both headers", async () => {
    const { projectId } = service.credentials;
    const scope = { project: { id: projectId } };
    const auth = { identity: { methods: ["token"], token: { id: token } }, scope };
    const again = await sendCce(service, {
      ...{ method: "POST", path: "/v3/auth/tokens", sign: "none", query: { nocatalog: "true" } },
      body: JSON.stringify({ auth }),
    });
    expect(again.json).toMatchObject({ token: { methods: ["token"], catalog: [], project: { id: projectId } } });
    const second = String(again.headers["x-subject-token"]);
    expect((await send({ path: clusters(), token: second })).status).toBe(200);
    const headers = { authorization: `Bearer ${second}` };
    expect((await sendCce(service, { path: clusters(), sign: "none", headers })).status).toBe(200);
  });

  test("say in their body what they are good for", async () => {
    const { userName, domainName, projectId, region } = service.credentials;
    const { status, headers, json } = await askForToken(service);
    expect(status).toBe(201);
    expect(headers["x-subject-token"]).toMatch(/./);
    expect(json).toMatchObject({
      token: {
        methods: ["password"],
        project: { id: projectId, name: region, domain: { name: domainName } },
        user: { name: userName, domain: { name: domainName } },
      },
    });
    const { token: said } = json as { token: { issued_at: string; expires_at: string; catalog: object[] } };
    expect(Date.parse(said.expires_at) - Date.parse(said.issued_at)).toBe(24 * 3_600_000);
    expect(said.catalog).toContainEqual(expect.objectContaining({ type: "cce" }));
  });

  test.each<[string, object]>([
    ["a wrong password", { password: "wrong" }],
    ["an unknown user", { name: "nobody" }],
    ["an unknown domain", { domain: { name: "elsewhere" } }],
  ])("are refused to %s, all with the same words", async (_what, user) => {
    expectIamRefusal(await askForToken(service, { user }), 401, /The user name, the password or the token is wrong/);
  });

  test.each<[string, object, RegExp]>([
    ["an unknown project", { project: { id: "0".repeat(32) } }, /project/],
    ["another domain", { domain: { name: "elsewhere" } }, /domain/],
  ])("are refused for %s", async (_what, scope, message) => {
    expectIamRefusal(await askForToken(service, { scope }), 403, message);
  });

  test.each<[string, string, RegExp]>([
    ["an empty object", "{}", /auth is mandatory/],
    ["no identity", '{"auth":{"scope":{}}}', /auth\.identity is mandatory/],
    ["another method", '{"auth":{"identity":{"methods":["totp"]}}}', /auth\.identity\.methods/],
    ["no user", '{"auth":{"identity":{"methods":["password"],"password":{}}}}', /auth\.identity\.password/],
    [
      "a password that is no text",
      '{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"a","password":["a"]}}}}}',
      /password \(hidden\) must be string/,
    ],
    ["what is no JSON", '{\n  "auth" {}\n}', /line 2, column 10/],
    ["nothing", "", /JSON/],
  ])("are refused to %s in the body", async (_what, body, message) => {
    const request = { method: "POST", path: "/v3/auth/tokens", sign: "none", body } as const;
    expectIamRefusal(await sendCce(service, request), 400, message);
  });

  test.each<[string, () => Partial<RawCceRequest>, RegExp]>([
    ["missing", () => ({ sign: "none" }), /x-auth-token not found/],
    ["empty", () => ({ token: "" }), /x-auth-token not found/],
    ["unknown", () => ({ token: "abc" }), /decrypt token fail/],
    [
      "tampered with",
      () => ({ token: token.replace(/^./, (first) => (first === "A" ? "B" : "A")) }),
      /decrypt token fail/,
    ],
    ["longer than any", () => ({ token: "a".repeat(8000) }), /decrypt token fail/],
    [
      "another one in the other header",
      () => ({ token, headers: { authorization: "Bearer abc" } }),
      /send one of them/,
    ],
  ])("that are %s are refused", async (_what, request, reason) => {
    unauthorized(await sendCce(service, { path: clusters(), ...request() }), reason);
  });

  test("that have expired are refused", async () => {
    const { home } = service;
    await service.stop();
    const database = await openDatabase({ home, url: undefined });
    await database.db.update(tokens).set({ expiresAt: new Date(Date.now() - 1000) });
    await database.close();
    await service.start();
    unauthorized(await send({ path: clusters() }), /decrypt token fail.*expired/);
    token = await newToken(service);
    expect((await send({ path: clusters() })).status).toBe(200);
  });
});

describe("signatures", () => {
  const signed = (request: Partial<RawCceRequest> = {}) => sendCce(service, { path: clusters(), ...request });
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

  test("that are right are accepted, of a body, of a query and of other characters in the path, too", async () => {
    expect((await signed()).status).toBe(200);
    expect((await signed({ query: { status: "Available", type: "a b&c=/é" } })).status).toBe(200);
    expect((await signed({ path: `${clusters()}/${encodeURIComponent("é /~*")}` })).status).toBe(404);
    expect((await signed({ body: "{}" })).status).toBe(200);
    expect((await signed({ headers: { "x-project-id": service.credentials.projectId } })).status).toBe(200);
  });

  test.each([
    ["made long ago", -60],
    ["of the future", 60],
  ])("%s are refused", async (_what, minutes) => {
    expectGatewayRefusal(await signed({ date: inMinutes(minutes) }), 401, "APIGW.0303", /Set the client's clock/);
  });

  test.each<[string, Partial<RawCceRequest>, RegExp]>([
    [
      "of another algorithm",
      { headers: { authorization: "V11-HMAC-SHA256 Credential=a/b/c, SignedHeaders=x, Signature=y" } },
      /V11-HMAC-SHA256 is not supported/,
    ],
    [
      "of an algorithm of another vendor",
      { headers: { authorization: "ACS3-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=c" } },
      /is not supported/,
    ],
    ["that are unreadable", { headers: { authorization: "SDK-HMAC-SHA256 nonsense" } }, /not of the form/],
    [
      "that do not cover the date",
      { headers: { authorization: `SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=${"0".repeat(64)}` } },
      /x-sdk-date/,
    ],
    ["with a date that is none", { headers: { "x-sdk-date": "yesterday" } }, /X-Sdk-Date/],
    ["with a temporary key", { headers: { "x-security-token": "abc" } }, /X-Security-Token/],
    ["over another body", { headers: { "x-sdk-content-sha256": "0".repeat(64) }, body: "{}" }, /X-Sdk-Content-Sha256/],
  ])("%s are refused", async (_what, request, reason) => {
    unauthorized(await signed(request), reason);
  });

  test("by a wrong secret, or of an unknown key, are refused", async () => {
    const by = (change: object) =>
      sendCce({ endpoint: service.endpoint, credentials: { ...service.credentials, ...change } }, { path: clusters() });
    unauthorized(await by({ accessKeySecret: "wrong" }), /verify aksk signature fail/);
    unauthorized(await by({ accessKeyId: "unknown" }), /Get secretKey failed/);
  });
});

describe("projects in the path", () => {
  test("that the client was to fill in are told apart", async () => {
    for (const path of ["/api/v3/projects/%7Bproject_id%7D/clusters", "/api/v3/projects/%257Bproject_id%257D/clusters"])
      expectRefusal(await send({ path }), 400, "CCE.01400001", expect.stringContaining("placeholder {project_id}"));
  });

  test.each(["0".repeat(32), "nonsense", "cn-north-4"])(
    "that are not the caller's are refused: %s",
    async (project) => {
      expectRefusal(await send({ path: clustersOf(project) }), 403, "CCE.01403001", expect.stringContaining(project));
      expectRefusal(await sendCce(service, { path: clustersOf(project) }), 403, "CCE.01403001");
    },
  );

  test("that a header contradicts are refused", async () => {
    const headers = { "x-project-id": "0".repeat(32) };
    expectRefusal(
      await send({ path: clusters(), headers }),
      400,
      "CCE.01400001",
      expect.stringContaining("X-Project-Id"),
    );
  });
});

describe("a body that is no JSON object", () => {
  test.each([
    ["a missing comma", '{\n  "kind": "Cluster"\n  "spec": {}\n}', "line 3, column 3"],
    ["a trailing comma", '{"kind": "Cluster",}', "line 1, column 20"],
    ["one that ends too soon", '{"kind": ', "line 1, column 10"],
    ["no JSON at all", "kind=Cluster", "line 1, column 1"],
  ])("%s is refused with line and column", async (_what, body, place) => {
    expectRefusal(await post(body), 400, "CCE.01400001", expect.stringContaining(place));
  });

  test.each([
    ["nothing", ""],
    ["an array", "[]"],
    ["a text", '"Cluster"'],
    ["null", "null"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ])("%s is refused", async (_what, body) => {
    expectRefusal(await post(body), 400, "CCE.01400001", expect.stringMatching(/JSON/));
  });

  test("another content type is refused", async () => {
    for (const type of ["text/plain", "application/yaml"]) {
      const answer = await post("{}", { headers: { "content-type": type } });
      expectRefusal(answer, 400, "CCE.01400006", expect.stringContaining(type));
    }
  });

  test("the documents' content types are taken", async () => {
    for (const type of ["application/json", "application/json;charset=utf-8", "Application/JSON; charset=UTF-8"]) {
      const answer = await post("{}", { headers: { "content-type": type } });
      expectRefusal(answer, 400, "CCE.01400001", expect.stringContaining("kind is mandatory"));
    }
  });

  test("an oversized one is refused with 413", async () => {
    const answer = await post(`{"kind":"${"a".repeat(2 * 1024 * 1024)}"}`);
    expectGatewayRefusal(answer, 413, "APIGW.0201", /too large/);
  });
});

describe("a request without a body", () => {
  test("may have a JSON content type all the same", async () => {
    const headers = { "content-type": "application/json" };
    const path = `${clusters()}/${unknownUid}`;
    for (const request of [
      { method: "DELETE", path },
      { method: "POST", path: `${path}/clustercert` },
      { method: "GET", path },
    ])
      expectRefusal(await send({ ...request, headers }), 404, "CCE.01404001", expect.stringContaining(unknownUid));
  });

  test("may have one that means nothing", async () => {
    expect((await send({ path: clusters(), body: "{}" })).status).toBe(200);
    expect((await send({ path: clusters(), body: "not even JSON" })).status).toBe(200);
  });
});

describe("a CreateCluster request that breaks rules", () => {
  test("is told all violations in one answer", async () => {
    const answer = await create({
      kind: "cluster!",
      metadata: { labels: { a: 1 } },
      spec: { type: "Container", flavor: "small", hostNetwork: { vpc: "v" }, containerNetwork: {}, billingMode: 2 },
    });
    expectRefusal(answer, 400, "CCE.01400001");
    for (const place of [
      ...["kind", "apiVersion", "metadata.name", "metadata.labels", "spec.type", "spec.flavor"],
      ...["spec.hostNetwork.subnet", "spec.containerNetwork.mode", "spec.billingMode"],
    ])
      expect(answer.json?.message).toContain(place);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["an unknown flavor", { flavor: "cce.x9.small" }, /spec\.flavor "cce\.x9\.small"/],
    [
      "several zones for one member",
      { extendParam: { clusterAZ: "multi_az" } },
      /spec\.extendParam\.clusterAZ "multi_az"/,
    ],
    ["bare metal without its subnet", { type: "BareMetal" }, /spec\.hostNetwork\.highwaySubnet is mandatory/],
    [
      "a proxy without its authority",
      { authentication: { mode: "authenticating_proxy" } },
      /authenticatingProxy\.ca is mandatory/,
    ],
    [
      "an authority that is none",
      { authentication: { mode: "authenticating_proxy", authenticatingProxy: { ca: "eA==" } } },
      /authenticatingProxy\.ca .*PEM/,
    ],
    [
      "two spellings that differ",
      { hostNetwok: { vpc: "another", subnet: "one" } },
      /hostNetwok must be the same as spec\.hostNetwork/,
    ],
    ["another mode", { containerNetwork: { mode: "flannel" } }, /spec\.containerNetwork\.mode "flannel"/],
    [
      "a range that is none",
      { containerNetwork: { mode: "overlay_l2", cidr: "172.16.0.0/33" } },
      /spec\.containerNetwork\.cidr "172\.16\.0\.0\/33"/,
    ],
    ["interfaces without subnets", { containerNetwork: { mode: "eni" } }, /spec\.eniNetwork/],
    ["a wrong type deep inside", { masters: [{ availabilityZone: {} }] }, /spec\.masters\[0\]\.availabilityZone/],
    ["prepayment", { billingMode: 1 }, /spec\.billingMode 1/],
    ["an id longer than any", { hostNetwork: { vpc: "v".repeat(5000), subnet: "s" } }, /spec\.hostNetwork\.vpc/],
    ["a character that no database keeps", { description: "a\u0000b" }, /U\+0000/],
  ])("%s: refused, with the place", async (_what, spec, message) => {
    expectRefusal(await sampleWith(spec), 400, "CCE.01400001", expect.stringMatching(message));
  });

  test("a version that is none: refused with a code of its own", async () => {
    const message = expect.stringContaining('spec.version "latest" must have the form');
    expectRefusal(await sampleWith({ version: "latest" }), 400, "CCE.01400015", message);
  });

  test("leaves nothing behind", async () => {
    expect(await listed()).toEqual([]);
  });
});

describe("what is not there", () => {
  test.each([
    ["GET", "/clusters/nonsense", ""],
    ["GET", `/clusters/${unknownUid}`, ""],
    ["PUT", `/clusters/${unknownUid}`, "{}"],
    ["DELETE", `/clusters/${unknownUid}`, ""],
    ["POST", `/clusters/${unknownUid}/clustercert`, '{"duration":1}'],
    ["POST", "/clusters//clustercert", '{"duration":1}'],
    ["GET", "/jobs/nonsense", ""],
    ["GET", `/jobs/${unknownUid}`, ""],
  ])("%s %s: CCE.01404001", async (method, path, body) => {
    const answer = await send({ method, path: `/api/v3/projects/${service.credentials.projectId}${path}`, body });
    expectRefusal(answer, 404, "CCE.01404001", expect.stringContaining("is not found"));
  });

  test.each([
    ["GET", "/api/v3/nothing"],
    ["GET", "/autopilot/v3/anything"],
    ["PATCH", `/api/v3/projects/${"0".repeat(32)}/clusters`],
  ])("%s %s: APIGW.0101", async (method, path) => {
    expectGatewayRefusal(await send({ method, path }), 404, "APIGW.0101", new RegExp(`There is no ${method} ${path}`));
  });

  test("a character that no database keeps is refused", async () => {
    const answer = await send({ path: `${clusters()}/a%00` });
    expectRefusal(answer, 400, "CCE.01400001", expect.stringContaining("U+0000"));
  });
});

const supported = [
  ...["CreateCluster", "ListClusters", "ShowCluster", "UpdateCluster", "DeleteCluster", "CreateKubernetesClusterCert"],
  "GetKubernetesClusterCert",
  ...["ShowClusterEndpoints", "UpdateClusterEip", "ShowJob", "ShowQuotas", "ShowVersion", "ListClusterFlavors"],
  "ListClusterUpgradePaths",
];

describe("documented operations that are not supported", () => {
  const unsupported = cceOperations.filter(({ name }) => !supported.includes(name));

  test.each(unsupported.map((operation) => [operation.name, operation] as const))("%s", async (name, operation) => {
    const path = operation.path.replace(":project_id", service.credentials.projectId).replaceAll(/:\w+/g, "x");
    const body = operation.body ? "{}" : "";
    const answer = await send({ method: operation.method, path, body });
    expectRefusal(answer, 400, "CCE.01400001", expect.stringMatching(`${name} .*does not support`));
  });
});

describe("two clusters that ask for the same range in one VPC", () => {
  test("have different ones", async () => {
    const rangeOf = ({ json }: RawAnswer) =>
      (json as { spec: { containerNetwork: { cidr: string } } }).spec.containerNetwork.cidr;
    const asked = {
      hostNetwork: { vpc: "vpc-shared", subnet: "s" },
      containerNetwork: { mode: "vpc-router", cidr: "10.8.0.0/16" },
    };
    const answers = await Promise.all(["one", "two", "three"].map((name) => create(smallCceBody(name, asked))));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    const ranges = answers.map(rangeOf);
    expect(new Set(ranges).size).toBe(3);
    expect(ranges).toContain("10.8.0.0/16");
  });
});

describe("any body at all", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), text, fc.double(), fc.constantFrom("", "true", "0", null));
  const key = fc.oneof(
    text,
    fc.constantFrom("hostNetwok", "apiversion", "eniNetwork", "masters", "customSan", "status"),
  );
  const samples = fc.constantFrom<"virtual-machine" | "bare-metal">("virtual-machine", "bare-metal");
  /** Where in a sample something else is put, as picks among the members on the way, and what. */
  const change = fc.record({ way: fc.array(fc.nat(), { maxLength: 3 }), key: fc.option(key), value: anything });

  /** The sample with one of its members replaced, or, with a key, with one more. */
  function changed(
    node: unknown,
    [pick, ...way]: readonly number[],
    { key, value }: { key: string | null; value: unknown },
  ): unknown {
    if (typeof node !== "object" || node === null || Array.isArray(node)) return value;
    const names = Object.keys(node);
    if (pick === undefined) return key === null ? value : Object.fromEntries([...Object.entries(node), [key, value]]);
    const name = names[pick % names.length] ?? "";
    const member = changed((node as Record<string, unknown>)[name], way, { key, value });
    return { ...node, [name]: member };
  }

  test("gets a cluster or a refusal with a code and a message, never a 5xx, and nothing half-made", {
    timeout: 600_000,
  }, async () => {
    const made = await listed();
    await fc.assert(
      fc.asyncProperty(samples, fc.array(change, { minLength: 1, maxLength: 3 }), async (name, changes) => {
        const body = changes.reduce<unknown>((node, { way, ...one }) => changed(node, way, one), cceSample(name));
        const answer = await create(body ?? null);
        expect(answer.status, answer.text).toBeLessThan(500);
        if (answer.status === 201) made.push((answer.json as unknown as CceBody).metadata.uid as string);
        else expectRefusal(answer, 400, expect.stringMatching(/^CCE\.01400/), expect.stringMatching(/./));
      }),
      { numRuns: 200 },
    );
    expect((await listed()).toSorted()).toEqual(made.toSorted());
    // It is still well.
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });

  test.each([
    ["UpdateCluster", "PUT", ""],
    ["CreateKubernetesClusterCert", "POST", "/clustercert"],
    ["UpdateClusterEip", "PUT", "/mastereip"],
    ["CreateKubernetesClusterCert of one that is not there", "POST", "/x/clustercert"],
  ])("of %s gets a refusal, never a 5xx", async (_operation, method, below) => {
    const [uid] = await listed();
    const known = fc.record(
      { metadata: anything, spec: anything, duration: anything, expire_at: anything },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(known, anything), async (body) => {
        const answer = await send({ method, path: `${clusters()}/${uid}${below}`, body: JSON.stringify(body) ?? "" });
        expect([400, 404, 429], answer.text).toContain(answer.status);
      }),
      { numRuns: 40 },
    );
  });
});
