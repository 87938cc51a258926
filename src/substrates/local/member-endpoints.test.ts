import { describe, expect, test } from "vitest";
import { apiError, createFakeApiClient } from "../../../test/support/fake-api-client.ts";
import { untilEveryMemberIsEndpoint } from "./member-endpoints.ts";

const members = [11, 12, 13].map((host, index) => ({ name: `member-${index + 1}`, vpcAddress: `192.168.0.${host}` }));
const options = { pollMs: 1, patienceMs: 60_000, deadlineMs: 60_000, signal: new AbortController().signal };

/** The Endpoints object with these last numbers of addresses. */
const endpoints = (hosts: readonly number[]) => ({
  subsets: [{ addresses: hosts.map((host) => ({ ip: `192.168.0.${host}` })) }],
});

test("a control plane counts as whole once each of its members is an endpoint", async () => {
  const answers = [() => apiError(404), () => ({}), () => endpoints([11, 13]), () => endpoints([13, 12, 11])];
  const client = createFakeApiClient(() => {
    const answer = answers.shift()?.();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  await untilEveryMemberIsEndpoint(client, members, options);
  expect(answers).toEqual([]);
  expect(client.requests[0]?.path).toBe("/api/v1/namespaces/default/endpoints/kubernetes");
});

test("a member that does not become one is named", async () => {
  const client = createFakeApiClient(() => endpoints([11, 13]));
  await expect(untilEveryMemberIsEndpoint(client, members, { ...options, deadlineMs: 5 })).rejects.toThrow(
    "Waited 0.005 s for every member to be an endpoint of the service kubernetes, in vain. " +
      'The last answer: member-2 not among 192.168.0.11, 192.168.0.13. See "kubectl get endpoints kubernetes".',
  );
});

describe("what API servers that start at the same moment leave out", () => {
  const options = { pollMs: 1, patienceMs: 0, deadlineMs: 60_000, signal: new AbortController().signal };
  /** An API server in which two members are endpoints; another one writes as often as is said before Sampan does. */
  function apiServer({ conflicts }: { conflicts: number }) {
    let kept: object = { metadata: { resourceVersion: "7" }, ...endpoints([11, 13]) };
    let slice: unknown;
    const client = createFakeApiClient(({ method, path, body }) => {
      if (path === "/apis/discovery.k8s.io") return { preferredVersion: { groupVersion: "discovery.k8s.io/v1" } };
      if (method === "PUT" && conflicts-- > 0) throw apiError(409);
      if (method === "PUT") kept = body as object;
      if (method === "PATCH") slice = { path, body };
      return kept;
    });
    return { client, kept: () => kept, slice: () => slice };
  }

  test.each([0, 2])("is added for them, after %i conflicts", async (conflicts) => {
    const { client, kept, slice } = apiServer({ conflicts });
    await untilEveryMemberIsEndpoint(client, members, options);
    expect(kept()).toEqual({ metadata: { resourceVersion: "7" }, ...endpoints([11, 12, 13]) });
    const ready = ["11", "12", "13"].map((host) => ({ addresses: [`192.168.0.${host}`], conditions: { ready: true } }));
    expect(slice()).toEqual({
      path: "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes",
      body: { endpoints: ready },
    });
  });
});
