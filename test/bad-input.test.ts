import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ackOperations } from "../src/dialects/ack/operations.ts";
import { type RawAnswer, type RawRequest, sendRaw } from "./support/raw-client.ts";
import { type AckBody, oneNode, sampleBody, smallBody } from "./support/sdk.ts";
import { startService, type TestService } from "./support/service.ts";

let service: TestService;

beforeAll(async () => {
  // Without executables, the creation of what is accepted here fails at once instead of starting a cluster.
  service = await startService({ SAMPAN_DISTRIBUTION_PATH: "/nonexistent" });
});

afterAll(() => service?.dispose());

const send = (request: RawRequest): Promise<RawAnswer> => sendRaw(service, request);
const post = (body: string | Buffer, further: Partial<RawRequest> = {}) =>
  send({ method: "POST", path: "/clusters", body, ...further });
const create = (body: AckBody) => post(JSON.stringify(body));
const sampleWith = (further: AckBody) => create({ ...sampleBody(), ...further });

/** ACK's error shape, in both of its spellings. */
const ackError = (code: unknown, message: unknown = expect.stringMatching(/./)) => ({
  code,
  message,
  requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
  Code: code,
  Message: message,
  RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
});

function expectRefusal(answer: RawAnswer, status: number, code: unknown, message?: unknown): void {
  const { json, text } = answer;
  expect(json, text.slice(0, 500)).toMatchObject({ ...ackError(code, message), status });
  expect(answer.status).toBe(status);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
}

describe("a body that is no JSON object", () => {
  test.each([
    ["a missing comma", '{\n  "name": "a"\n  "region_id": "b"\n}', "line 3, column 3"],
    ["a trailing comma", '{"name": "a",}', "line 1, column 14"],
    ["a comment, as in the documents' samples", '{\n  "name": "a" // the name\n}', "line 2, column 15"],
    ["one that ends too soon", '{"name": ', "line 1, column 10"],
    ["no JSON at all", "name=a&region_id=b", "line 1, column 1"],
    ["XML", "<CreateCluster/>", "line 1, column 1"],
  ])("%s is refused with line and column", async (_what, body, place) => {
    expectRefusal(await post(body), 400, "InvalidParameter", expect.stringContaining(place));
  });

  test.each([
    ["an empty body", ""],
    ["white space", " \n"],
    ["an array", "[]"],
    ["a text", '"name"'],
    ["a number", "1"],
    ["null", "null"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ])("%s is refused", async (_what, body) => {
    expectRefusal(await post(body), 400, "InvalidParameter", expect.stringMatching(/JSON/));
  });

  test("an oversized one is refused with 413", async () => {
    expectRefusal(await post(`{"name":"${"a".repeat(2 * 1024 * 1024)}"}`), 413, "RequestBodyTooLarge");
  });

  test("another content type is refused with 415", async () => {
    expectRefusal(await post("{}", { headers: { "content-type": "text/yaml" } }), 415, "UnsupportedMediaType");
  });

  test("errors come in XML to those who ask for it", async () => {
    const { status, headers, text } = await post("{", { headers: { accept: "text/xml" } });
    expect([status, headers["content-type"]]).toEqual([400, "text/xml;charset=utf-8"]);
    expect(text).toMatch(/<Error>.*<Code>InvalidParameter<\/Code>.*<\/Error>/s);
  });
});

describe("a CreateCluster request that breaks rules", () => {
  test("all missing fields are named at once", async () => {
    const answer = await create({ cluster_type: "ManagedKubernetes" });
    expectRefusal(answer, 400, "InvalidParameter");
    for (const field of ["name", "region_id", "vpcid", "vswitch_ids", "service_cidr"])
      expect(answer.json?.message).toContain(`${field} is mandatory`);
  });

  test.each([
    ["name", "MissingName"],
    ["region_id", "MissingRegionId"],
    ["vpcid", "MissingVpcid"],
    ["vswitch_ids", "MissingVswitchIds"],
    ["service_cidr", "MissingServiceCidr"],
    ["cluster_type", "MissingClusterType"],
    ["container_cidr", "MissingContainerCidr"],
    ["worker_instance_types", "MissingWorkerInstanceTypes"],
    ["worker_system_disk_size", "MissingWorkerSystemDiskSize"],
  ])("without %s: %s", async (field, code) => {
    const { [field]: _left, ...body } = sampleBody();
    expectRefusal(await create(body), 400, code, expect.stringContaining(field));
  });

  test.each<[string, AckBody, RegExp]>([
    ["a word for a number", { num_of_nodes: "three" }, /num_of_nodes "three"/],
    ["an object for a text", { name: { first: "a" } }, /name .*must be string/],
    ["a text for an array", { vswitch_ids: "vsw-1" }, /vswitch_ids .*must be array/],
    ["a wrong type deep inside", { worker_data_disks: [{ size: "large" }] }, /worker_data_disks\[0\]\.size/],
    ["null inside an array", { tags: [null] }, /tags\[0\]/],
    ["a negative number of nodes", { num_of_nodes: -1 }, /num_of_nodes/],
    ["too many nodes", { num_of_nodes: 101 }, /num_of_nodes 101 must be <= 100: ask for several node pools/],
    [
      "too many nodes in all",
      { num_of_nodes: undefined, nodepools: Array(101).fill({ count: 100 }).slice(1) },
      /at most 1000 nodes in all, and 10002/,
    ],
    ["too many instances", { instances: Array.from({ length: 1001 }, (_, n) => `i-${n}`) }, /instances/],
    ["another kind of cluster", { cluster_type: "ExternalKubernetes" }, /cluster_type "ExternalKubernetes"/],
    ["more vSwitches than a cluster may have", { vswitch_ids: ["a", "b", "c", "d"] }, /vswitch_ids/],
    [
      "an add-on that no object can be named by",
      { addons: [{ name: "flannel" }, { name: "x y" }] },
      /addons\[1\]\.name "x y" must be/,
    ],
    ["a range that is none", { service_cidr: "172.21.0.0/33" }, /service_cidr "172\.21\.0\.0\/33"/],
    ["ranges that overlap", { service_cidr: "172.20.0.0/20" }, /service_cidr .*overlap/],
    ["a time zone that is none", { timezone: "Mars/Olympus" }, /timezone "Mars\/Olympus"/],
    ["a version that is none", { kubernetes_version: "latest" }, /kubernetes_version "latest"/],
    ["a name that begins with a hyphen", { name: "-a" }, /name "-a"/],
    ["a name with a space", { name: "a b" }, /name "a b"/],
    ["a node name mode of no known form", { node_name_mode: "customized,a" }, /node_name_mode "customized,a"/],
    ["an alternative name that is none", { custom_san: "not a name" }, /custom_san "not a name"/],
    ["an id longer than any", { vpcid: randomText(5000) }, /vpcid/],
    ["a vSwitch's id longer than any", { vswitch_ids: [randomText(5000)] }, /vswitch_ids\[0\]/],
    ["an instance's id longer than any", { instances: [randomText(5000)] }, /instances\[0\]/],
    ["a character that no database keeps", { region_id: "a\u0000b" }, /"region_id" .*U\+0000/],
    ["half of a character", { unknown: { resource_group_id: "\ud800" } }, /"resource_group_id" .*surrogate pair/],
  ])("%s is refused, with the field's name", async (_what, further, message) => {
    expectRefusal(await sampleWith(further), 400, "InvalidParameter", expect.stringMatching(message));
  });

  test("every violation is reported, not just the first", async () => {
    const answer = await sampleWith({ timezone: "Mars", service_cidr: "x", name: "-" });
    for (const part of ["timezone", "service_cidr", "name"]) expect(answer.json?.message).toContain(part);
  });

  test("a login password is never repeated", async () => {
    const answer = await sampleWith({ login_password: { secret: "Sesame5678" }, timezone: "Mars" });
    expectRefusal(answer, 400, "InvalidParameter");
    expect(answer.text).not.toContain("Sesame5678");
    expect(service.output()).not.toContain("Sesame5678");
  });

  test("numbers and booleans as texts are accepted", async () => {
    const asTexts = {
      num_of_nodes: "1",
      worker_system_disk_size: "120",
      timeout_mins: "5",
      deletion_protection: "false",
      snat_entry: "true",
      disable_rollback: "true",
      worker_data_disks: [{ category: "cloud_efficiency", size: "40", encrypted: "true" }],
    };
    const answer = await create({ ...smallBody("texts", oneNode), ...asTexts });
    expect(answer.json, answer.text).toMatchObject({ cluster_id: expect.stringMatching(/^c[0-9a-f]{32}$/) });
  });

  test("more workers than a vSwitch has addresses are refused, and nothing of them is kept", async () => {
    const full = { vpcid: "vpc-full", vswitch_ids: ["vsw-full"], ...oneNode, num_of_nodes: 100 };
    const answers: RawAnswer[] = [];
    for (let n = 0; n < 11; n++) answers.push(await create(smallBody(`full-${n}`, full)));
    const refused = answers.filter(({ status }) => status !== 200);
    // A /22 has about a thousand addresses, some of which are the vendor's.
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expectRefusal(
      refused[0] as RawAnswer,
      400,
      "InvalidParameter",
      expect.stringMatching(/vsw-full .*no free address left/),
    );
    const { json } = await send({ path: "/api/v1/clusters", query: { name: "full-", page_size: "100" } });
    expect(json).toMatchObject({ page_info: { total_count: 11 - refused.length } });
  });

  test("more vSwitches than a VPC has room for are refused", async () => {
    const vswitchIds = (n: number) => Array.from({ length: 3 }, (_, index) => `vsw-many-${n}-${index}`);
    const answers: RawAnswer[] = [];
    // 64 of them fit.
    for (let n = 0; n < 22; n++)
      answers.push(await create(smallBody(`many-${n}`, { vpcid: "vpc-many", vswitch_ids: vswitchIds(n) })));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(1);
    expectRefusal(refused[0] as RawAnswer, 400, "InvalidParameter", expect.stringMatching(/vpc-many/));
  });
});

/** Text that no index can shorten. */
function randomText(length: number): string {
  return Array.from({ length: Math.ceil(length / 36) }, () => randomUUID())
    .join("")
    .slice(0, length);
}

describe("what is not there", () => {
  const noCluster = `c${"0".repeat(32)}`;

  test.each([
    ["GET", `/clusters/${noCluster}`],
    ["GET", "/clusters/nonsense"],
    ["GET", `/clusters/${noCluster}/nodes`],
    ["GET", `/clusters/${noCluster}/tasks`],
    ["GET", `/clusters/${noCluster}/logs`],
    ["GET", `/k8s/${noCluster}/user_config`],
    ["DELETE", `/clusters/${noCluster}`],
    ["PUT", `/api/v2/clusters/${noCluster}`],
  ])("%s %s: ErrorClusterNotFound", async (method, path) => {
    const body = method === "PUT" ? "{}" : "";
    expectRefusal(await send({ method, path, body }), 404, "ErrorClusterNotFound");
  });

  test.each([
    ["GET", "/tasks/T-000000000000000000000000"],
    ["GET", "/tasks/nonsense"],
    ["POST", "/tasks/T-000000000000000000000000/cancel"],
    ["POST", "/tasks/T-000000000000000000000000/pause"],
    ["POST", "/tasks/T-000000000000000000000000/resume"],
  ])("%s %s: ErrorTaskNotFound", async (method, path) => {
    expectRefusal(await send({ method, path }), 404, "ErrorTaskNotFound");
  });

  test.each([
    ["GET", "/nonsense"],
    ["GET", "/clusters/a/b/c/d/e"],
    ["PATCH", "/clusters"],
  ])("%s %s: InvalidApi.NotFound", async (method, path) => {
    expectRefusal(await send({ method, path }), 404, "InvalidApi.NotFound", expect.stringContaining(path));
  });

  test.each(["/clusters/c%00", "/tasks/T-%00"])("%s: InvalidParameter", async (path) => {
    expectRefusal(await send({ path }), 400, "InvalidParameter", expect.stringContaining("U+0000"));
  });

  test.each([
    ["/api/v1/clusters", { page_size: "0" }],
    ["/api/v1/clusters", { page_size: "101" }],
    ["/api/v1/clusters", { page_number: "-1" }],
    ["/api/v1/clusters", { page_number: "x" }],
    ["/api/v1/clusters", { name: "a\u0000b" }],
    ["/clusters", { name: "\u0000" }],
    ["/tasks/%00", { TaskId: "x" }],
  ])("%s with the query %j: InvalidParameter", async (path, query) => {
    expectRefusal(await send({ path, query }), 400, "InvalidParameter");
  });
});

const supported = [
  "CreateCluster",
  "DescribeClusterDetail",
  "DescribeClustersV1",
  "DescribeClusters",
  "ModifyCluster",
  "DeleteCluster",
  "DescribeClusterLogs",
  "DescribeClusterUserKubeconfig",
  "DescribeClusterResources",
  "DescribeKubernetesVersionMetadata",
  "DescribeClusterNodes",
  "DescribeClusterNodePools",
  "DescribeClusterNodePoolDetail",
  "DescribeTaskInfo",
  "DescribeClusterTasks",
  "CancelTask",
  "PauseTask",
  "ResumeTask",
];

describe("documented operations that are not supported", () => {
  const unsupported = ackOperations.filter(({ name }) => !supported.includes(name));

  test("are most of the 148 documented ones and the 14 older ones", () => {
    expect(unsupported).toHaveLength(148 + 14 - supported.length);
  });

  test.each(unsupported.map((operation) => [operation.name, operation] as const))("%s", async (name, operation) => {
    const path = operation.path.replaceAll(/:\w+/g, "x");
    const answer = await send({ method: operation.method, path });
    expectRefusal(answer, 400, "OperationNotSupported", expect.stringContaining(name));
  });
});

describe("signatures", () => {
  const list = "/api/v1/clusters";
  /** Further from any moment of this run than a signature may be. */
  const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

  test.each(["acs3", "roa"] as const)("a right one by %s is accepted", async (sign) => {
    expect((await send({ path: list, sign })).status).toBe(200);
  });

  test.each<[string, Partial<RawRequest>, number, string]>([
    ["none", { sign: "none" }, 400, "MissingAuthorization"],
    ["an empty one", { headers: { authorization: "" } }, 400, "MissingAuthorization"],
    ["an unreadable one", { headers: { authorization: "ACS3-HMAC-SHA256 nonsense" } }, 400, "IncompleteSignature"],
    ["an unknown algorithm", { headers: { authorization: "Bearer abc" } }, 400, "IncompleteSignature"],
    ["acs3, made long ago", { date: inMinutes(-60) }, 400, "InvalidTimeStamp.Expired"],
    ["acs3, made in the future", { date: inMinutes(120) }, 400, "InvalidTimeStamp.Expired"],
    ["roa, made long ago", { sign: "roa", date: inMinutes(-60) }, 400, "InvalidTimeStamp.Expired"],
    ["a date that is none", { headers: { "x-acs-date": "yesterday" } }, 400, "InvalidTimeStamp.Format"],
    ["a nonce longer than any", { nonce: randomText(5000) }, 400, "IncompleteSignature"],
    ["another version", { headers: { "x-acs-version": "2014-01-01" } }, 400, "InvalidVersion"],
  ])("%s is refused", async (_what, request, status, code) => {
    expectRefusal(await send({ path: list, ...request }), status, code);
  });

  test.each(["acs3", "roa"] as const)(
    "one by %s with a wrong secret, or of an unknown key, is refused",
    async (sign) => {
      const { endpoint, credentials } = service;
      const wrong = { endpoint, credentials: { ...credentials, accessKeySecret: "wrong" } };
      expectRefusal(await sendRaw(wrong, { path: list, sign }), 400, "SignatureDoesNotMatch");
      const unknown = { endpoint, credentials: { ...credentials, accessKeyId: "LTAIunknown" } };
      expectRefusal(await sendRaw(unknown, { path: list, sign }), 404, "InvalidAccessKeyId.NotFound");
    },
  );

  test.each(["acs3", "roa"] as const)("one by %s is accepted once", async (sign) => {
    const request: RawRequest = { path: list, sign, nonce: randomUUID(), date: new Date() };
    expect((await send(request)).status).toBe(200);
    expectRefusal(await send(request), 400, "SignatureNonceUsed");
  });

  test("one over another body is refused", async () => {
    const hashOfAnother = { "x-acs-content-sha256": "0".repeat(64) };
    expectRefusal(await post("{}", { headers: hashOfAnother }), 400, "SignatureDoesNotMatch");
  });
});

describe("any body at all", () => {
  const text = fc.string({ unit: "binary", maxLength: 40 });
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), text, fc.double(), fc.constantFrom("", "true", "40", null));
  const sample = sampleBody();
  const changes = fc.dictionary(fc.oneof(fc.constantFrom(...Object.keys(sample)), text), anything, {
    minKeys: 1,
    maxKeys: 4,
  });

  test("gets a cluster or a refusal with a code and a message, never a 5xx", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const answer = await create({ ...sample, deletion_protection: false, ...changed });
        expect(answer.status, answer.text).toBeLessThan(500);
        if (answer.status === 200) expect(answer.json?.cluster_id).toMatch(/^c[0-9a-f]{32}$/);
        else expectRefusal(answer, 400, expect.stringMatching(/^(InvalidParameter|Missing[A-Za-z]+)$/));
      }),
      { numRuns: 300 },
    );
    // It is still well.
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    expect((await send({ path: "/clusters" })).status).toBe(200);
  });
});
