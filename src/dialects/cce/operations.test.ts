import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type CceOperationName, cceOperation, cceOperations } from "./operations.ts";

/** Path parameters have different names in different places, so only their positions are compared. */
const shape = (path: string) => path.replace(/:\w+|\{\w+\}/g, ":");

/** Method, path and name of every operation in the official SDK, from its source. */
function sdkOperations(): string[] {
  const source = readFileSync(
    fileURLToPath(import.meta.resolve("@huaweicloud/huaweicloud-sdk-cce/v3/CceClient.js")),
    "utf8",
  );
  const found = source.matchAll(
    /^ {8}(\w+): function \(.*?\) \{\s+var options = \{\s+method: "(\w+)",\s+url: "([^"]+)"/gm,
  );
  return [...found].map(([, name = "", method, url = ""]) => `${method} ${shape(url)} ${name}`);
}

describe("the operations", () => {
  it("hold all 35 of the official SDK: name, method and path", () => {
    const own = cceOperations.map(
      ({ method, path, name }) => `${method} ${shape(path)} ${name.charAt(0).toLowerCase()}${name.slice(1)}`,
    );
    expect(sdkOperations()).toHaveLength(35);
    expect(sdkOperations().filter((operation) => !own.includes(operation))).toEqual([]);
  });

  it("have method and path of their own", () => {
    const places = cceOperations.map(({ method, path }) => `${method} ${shape(path)}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it.each<[CceOperationName, string, string, string | undefined]>([
    ["CreateCluster", "POST", "/api/v3/projects/:project_id/clusters", "object"],
    ["ShowCluster", "GET", "/api/v3/projects/:project_id/clusters/:cluster_id", undefined],
    [
      "CreateKubernetesClusterCert",
      "POST",
      "/api/v3/projects/:project_id/clusters/:cluster_id/clustercert",
      "optional object",
    ],
    ["DeleteCluster", "DELETE", "/api/v3/projects/:project_id/clusters/:cluster_id", undefined],
    ["GetLabels", "GET", "/api/v3/projects/:project_id/clusters/:cluster_id/labels", undefined],
    ["GetClusterQuota", "GET", "/cce/v1/projects/:project_id/quota", undefined],
    ["ListReleases", "GET", "/cce/cam/v3/clusters/:cluster_id/releases", undefined],
    ["ShowClusterSupportConfiguration", "GET", "/api/v3/clusters/configuration/detail", undefined],
    ["ShowFeatureGates", "GET", "/api/v3.1/feature-gates", undefined],
    ["UploadChart", "POST", "/v2/charts", undefined],
    ["CreateAutopilotCluster", "POST", "/autopilot/v3/projects/:project_id/clusters", undefined],
    ["ListAutopilotJobs", "GET", "/autopilot/v2/projects/:project_id/jobs", undefined],
  ])("%s is %s %s with body %s", (name, method, path, body) => {
    expect(cceOperation(name)).toMatchObject({ dialect: "cce", name, method, path, body });
  });

  it("are answered without authentication where nobody can have a token yet", () => {
    expect(cceOperations.filter(({ isPublic }) => isPublic).map(({ name }) => name)).toEqual(["ShowVersion"]);
  });
});
