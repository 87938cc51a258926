import { join } from "node:path";
import { expect, test } from "vitest";
import { installedDistribution } from "../../../../../test/support/distribution.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { bootCheck } from "./boot-check.ts";

test("the installed etcd and API server boot and take an object", async () => {
  const { executables } = await installedDistribution();
  await expect(bootCheck(executables, join(temporaryFolder(), "data"))).resolves.toBeUndefined();
});

test("an installed API server without its etcd does not pass", async () => {
  const { executables } = await installedDistribution();
  await expect(bootCheck({ ...executables, etcd: "/bin/false" }, join(temporaryFolder(), "data"))).rejects.toThrow(
    "the built API server did not take an object",
  );
});
