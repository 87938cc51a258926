import { expect, test } from "vitest";
import { apiError, createFakeApiClient } from "../../../test/support/fake-api-client.ts";
import { untilEveryMemberIsEndpoint } from "./member-endpoints.ts";

const members = [11, 12, 13].map((host, index) => ({ name: `member-${index + 1}`, vpcAddress: `192.168.0.${host}` }));
const options = { pollMs: 1, deadlineMs: 60_000, signal: new AbortController().signal };

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
