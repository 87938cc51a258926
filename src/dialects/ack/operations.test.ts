import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import {
  type AckOperationName,
  ackOperation,
  ackOperations,
  documentedOperations,
  olderOperations,
} from "./operations.ts";

/** Path parameters have different names in different places, so only their positions are compared. */
const shape = (path: string) => path.replace(/:\w+/g, ":");

describe("the documented operations", () => {
  it("are 148, each with a name of its own", () => {
    expect(new Set(documentedOperations.map(({ name }) => name)).size).toBe(148);
    expect(documentedOperations).toHaveLength(148);
  });

  it("are those of the official SDK: name, method, path, and whether there is a body", () => {
    expect(documentedOperations.map((operation) => summary(operation)).sort()).toEqual(sdkOperations().sort());
  });

  it.each<[AckOperationName, string, string, string | undefined]>([
    ["CreateCluster", "POST", "/clusters", "object"],
    ["DescribeClusterDetail", "GET", "/clusters/:ClusterId", undefined],
    ["CreateAutoscalingConfig", "POST", "/cluster/:ClusterId/autoscale/config/", "object"],
    ["GrantPermissions", "POST", "/permissions/users/:Uid", "array"],
    ["RunClusterInspect", "POST", "/clusters/:ClusterId/inspectReports", "optional object"],
    ["CancelTask", "POST", "/tasks/:TaskId/cancel", undefined],
  ])("%s is %s %s with body %s", (name, method, path, body) => {
    expect(ackOperation(name)).toEqual({ dialect: "ack", name, method, path, body });
  });

  it("take a JSON array in six cases", () => {
    expect(documentedOperations.filter(({ body }) => body === "array").map(({ name }) => name)).toEqual([
      ...["GrantPermissions", "UpdateUserPermissions", "InstallClusterAddons", "UpgradeClusterAddons"],
      ...["UnInstallClusterAddons", "ModifyClusterTags"],
    ]);
  });
});

describe("all operations", () => {
  it("have method and path of their own", () => {
    expect(new Set(ackOperations.map(({ method, path }) => `${method} ${shape(path)}`)).size).toBe(
      ackOperations.length,
    );
    expect(olderOperations).toHaveLength(14);
  });

  it("can be registered together, and every path reaches its operation", async () => {
    const app = Fastify();
    for (const { name, method, path } of ackOperations) {
      app.route({ method, url: path, handler: async (request) => ({ name, params: request.params }) });
    }
    for (const { name, method, path } of ackOperations) {
      const answer = await app.inject({ method, url: path.replace(/:(\w+)/g, "the-$1") });
      const parameters = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => [parameter, `the-${parameter}`]);
      expect(answer.json()).toEqual({ name, params: Object.fromEntries(parameters) });
    }
    await app.close();
  });

  it("call one thing by one parameter name", () => {
    const names = new Set(ackOperations.flatMap(({ path }) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name)));
    const lowerCase = [...names].map((name) => name?.toLowerCase());
    expect(new Set(lowerCase).size).toBe(names.size);
  });
});

it("an unknown name is a mistake of the program", () => {
  expect(() => ackOperation("Nonsense" as AckOperationName)).toThrow("There is no operation Nonsense.");
});

function summary(operation: { name: string; method: string; path: string; body: unknown }): string {
  return `${operation.name} ${operation.method} ${shape(operation.path)} ${operation.body === undefined ? "-" : "body"}`;
}

/** What the SDK's generated client calls, read from its text: each operation stands in a method of one form. */
function sdkOperations(): string[] {
  const source = readFileSync(fileURLToPath(import.meta.resolve("@alicloud/cs20151215")), "utf8");
  return source
    .split(/\n {4}async /)
    .filter((method) => /^\w+WithOptions\(/.test(method))
    .map((method) => {
      const field = (name: string) => new RegExp(`\\b${name}: ["\`](.+)["\`],`).exec(method)?.[1] ?? "";
      return summary({
        name: field("action"),
        method: field("method"),
        path: field("pathname").replace(/\$\{[^}]*\}/g, ":Parameter"),
        body: /new openapi_core_2\.\$OpenApiUtil\.OpenApiRequest\(\{[^;]*?\bbody: /.test(method) ? "object" : undefined,
      });
    });
}
