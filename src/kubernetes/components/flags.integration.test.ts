import { execa } from "execa";
import { expect, test } from "vitest";
import { installedDistribution } from "../../../test/support/distribution.ts";
import type { ComponentName } from "./command.ts";
import { componentBuilders } from "./index.ts";
import { examplePlane } from "./testing/example-plane.ts";

/** Flags that a parameter adds, beside those that every cluster has. */
const planes = {
  "a lone member": examplePlane(1),
  "three members": examplePlane(3),
  "two families of addresses": examplePlane(1, {
    network: { ipv6: { podCidr: "fd00:20::/56", serviceCidr: "fd00:21::/112" } },
  }),
  everything: examplePlane(1, {
    secretEncryption: { keyName: "key" },
    apiServer: { auditLog: true, authenticatingProxyCa: "PEM" },
  }),
} as const;

const { executables, version, etcdVersion } = await installedDistribution();

/** Has an executable read its flags, and say what it thinks of them: it reads all before it shows its help. */
const askHelp = (name: ComponentName, args: readonly string[]) =>
  execa(executables[name], [...args, "--help"], { reject: false });

test.each(
  Object.entries(planes).flatMap(([what, plane]) =>
    (Object.keys(componentBuilders) as ComponentName[]).map((name) => ({ what, plane, name })),
  ),
)(`$name of ${version} takes every flag that it gets, of $what`, async ({ plane, name }) => {
  const { args } = componentBuilders[name](name === "etcd" ? etcdVersion : version, plane, plane.members[0]);
  const { exitCode, stdout, stderr } = await askHelp(name, args);
  expect({ exitCode, unknown: /unknown flag.*|not defined.*/.exec(stdout + stderr)?.[0] }).toEqual({ exitCode: 0 });
});

test.each(Object.keys(componentBuilders) as ComponentName[])(
  "%s refuses a flag that it does not know",
  async (name) => {
    const { exitCode, stdout, stderr } = await askHelp(name, ["--no-such-flag=true"]);
    expect(exitCode).not.toBe(0);
    expect(stdout + stderr).toMatch(/unknown flag|not defined/);
  },
);
