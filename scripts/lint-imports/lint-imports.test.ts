import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkTree, describeViolation } from "./check-tree.ts";
import { readImports } from "./read-imports.ts";
import { violationOf } from "./rules.ts";

describe("the rule", () => {
  test.each([
    ["src/cli/serve.ts", "src/service/start.ts"],
    ["src/cli/distribution.ts", "src/kubernetes/distribution/cache.ts"],
    ["src/service/start.ts", "src/substrates/local/local.ts"],
    ["src/service/start.ts", "src/server/app.ts"],
    ["src/cli/main.ts", "src/config.ts"],
    ["src/server/app.ts", "src/dialects/ack/routes.ts"],
    ["src/server/app.ts", "src/storage/database.ts"],
    ["src/server/app.ts", "src/config.ts"],
    ["src/dialects/ack/routes.ts", "src/dialects/ack/errors.ts"],
    ["src/dialects/ack/translate/nodes.ts", "src/dialects/ack/schemas.ts"],
    ["src/dialects/ack/routes.ts", "src/dialects/common/dialect.ts"],
    ["src/dialects/third/parameters/table.ts", "src/dialects/common/parameters/parameter.ts"],
    ["src/dialects/common/border/border.ts", "src/core/clusters/clusters.ts"],
    ["src/dialects/cce/context.ts", "src/dialects/huawei/caller.ts"],
    ["src/dialects/iam/tokens/routes.ts", "src/dialects/huawei/caller.ts"],
    ["src/dialects/huawei/caller.ts", "src/dialects/common/dialect.ts"],
    ["src/dialects/ack/routes.ts", "src/core/clusters/clusters.ts"],
    ["src/core/clusters/clusters.ts", "src/storage/schema.ts"],
    ["src/core/accounts/passwords.ts", "src/machine/limit.ts"],
    ["src/core/clusters/clusters.ts", "src/core/tasks/tasks.ts"],
    ["src/tasks/create-cluster.ts", "src/core/clusters/clusters.ts"],
    ["src/tasks/create-cluster.ts", "src/substrates/substrate.ts"],
    ["src/substrates/local/nodes.ts", "src/nodes/simulator.ts"],
    ["src/substrates/local/etcd.ts", "src/kubernetes/components/etcd.ts"],
    ["src/nodes/simulator.ts", "src/kubernetes/client.ts"],
    ["src/storage/home.ts", "src/machine/files.ts"],
    ["src/kubernetes/distribution/cache.ts", "src/machine/files.ts"],
    ["src/core/inventory/inventory.ts", "src/cidr.ts"],
    ["src/kubernetes/pki/certificates.ts", "src/cidr.ts"],
    ["src/cidr.test.ts", "src/cidr.ts"],
    ["src/config.test.ts", "src/config.ts"],
    ["src/cli/version.ts", "package.json"],
    ["src/core/clusters/clusters.test.ts", "test/support/database.ts"],
    ["src/tasks/runner.integration.test.ts", "src/cli/serve.ts"],
  ])("%s may import %s", (from, to) => {
    expect(violationOf(from, to)).toBeUndefined();
  });

  test.each([
    ["src/server/app.ts", "src/substrates/local/local.ts", "server may not import substrates"],
    ["src/server/app.ts", "src/tasks/runner.ts", "server may not import tasks"],
    ["src/server/app.ts", "src/service/start.ts", "server may not import service"],
    ["src/service/start.ts", "src/cli/serve.ts", "service may not import cli"],
    ["src/cli/serve.ts", "src/substrates/local/local.ts", "cli may not import substrates"],
    ["src/dialects/ack/routes.ts", "src/dialects/cce/routes.ts", "dialects/ack may not import dialects/cce"],
    ["src/dialects/cce/routes.ts", "src/dialects/ack/routes.ts", "dialects/cce may not import dialects/ack"],
    ["src/dialects/third/routes.ts", "src/dialects/cce/errors.ts", "dialects/third may not import dialects/cce"],
    [
      "src/dialects/common/border/border.ts",
      "src/dialects/ack/errors.ts",
      "dialects/common may not import dialects/ack",
    ],
    [
      "src/dialects/common/border/border.ts",
      "src/dialects/huawei/caller.ts",
      "dialects/common may not import dialects/huawei",
    ],
    ["src/dialects/cce/routes.ts", "src/dialects/iam/routes.ts", "dialects/cce may not import dialects/iam"],
    ["src/dialects/huawei/caller.ts", "src/dialects/iam/errors.ts", "dialects/huawei may not import dialects/iam"],
    ["src/dialects/ack/routes.ts", "src/dialects/huawei/caller.ts", "dialects/ack may not import dialects/huawei"],
    ["src/dialects/common/border/border.ts", "src/tasks/runner.ts", "dialects/common may not import tasks"],
    ["src/dialects/ack/routes.ts", "src/substrates/substrate.ts", "dialects/ack may not import substrates"],
    ["src/dialects/ack/routes.ts", "src/kubernetes/client.ts", "dialects/ack may not import kubernetes"],
    ["src/dialects/ack/routes.ts", "src/tasks/runner.ts", "dialects/ack may not import tasks"],
    ["src/dialects/ack/routes.ts", "src/storage/schema.ts", "dialects/ack may not import storage"],
    ["src/core/clusters/clusters.ts", "src/tasks/runner.ts", "core may not import tasks (only: storage, machine)"],
    ["src/core/clusters/clusters.ts", "src/substrates/substrate.ts", "core may not import substrates"],
    ["src/core/clusters/clusters.ts", "src/dialects/ack/translate.ts", "core may not import dialects/ack"],
    ["src/tasks/create-cluster.ts", "src/kubernetes/client.ts", "tasks may not import kubernetes"],
    ["src/tasks/create-cluster.ts", "src/dialects/ack/translate.ts", "tasks may not import dialects/ack"],
    ["src/substrates/local/local.ts", "src/core/clusters/clusters.ts", "substrates may not import core"],
    ["src/substrates/local/local.ts", "src/storage/schema.ts", "substrates may not import storage"],
    ["src/nodes/simulator.ts", "src/substrates/substrate.ts", "nodes may not import substrates"],
    ["src/kubernetes/client.ts", "src/nodes/simulator.ts", "kubernetes may not import nodes (only: machine)"],
    ["src/machine/files.ts", "src/kubernetes/client.ts", "machine may not import kubernetes (only: no other layer)"],
    ["src/storage/schema.ts", "src/core/clusters/clusters.ts", "storage may not import core"],
    ["src/core/clusters/clusters.ts", "src/config.ts", "Only cli, service and server may read config.ts"],
    ["src/config.ts", "src/core/clusters/clusters.ts", "config may not import core"],
    ["src/core/clusters/clusters.test.ts", "src/tasks/runner.ts", "core may not import tasks"],
    ["src/core/clusters/clusters.ts", "test/support/database.ts", "leaves src/"],
    ["src/cidr.ts", "src/core/clusters/clusters.ts", "helpers may not import core"],
    ["src/cidr.ts", "src/config.ts", "Only cli, service and server may read config.ts"],
    ["src/util/text.ts", "src/core/clusters/clusters.ts", "src/util/text.ts belongs to no layer"],
    ["src/cli/main.ts", "src/util/text.ts", "src/util/text.ts belongs to no layer"],
  ])("%s may not import %s: %s", (from, to, reason) => {
    expect(violationOf(from, to)).toContain(reason);
  });
});

describe("what counts as an import", () => {
  test("every form of it, with its line", () => {
    const source = [
      'import { a } from "./value.ts";',
      'import type { B } from "./type.ts";',
      'import "./effect.ts";',
      'export * from "./all.ts";',
      'export type { C } from "./named.ts";',
      'const lazy = () => import("./dynamic.ts");',
      'type D = import("./inline-type.ts").D;',
    ].join("\n");
    expect(readImports(source)).toEqual([
      { specifier: "./value.ts", line: 1 },
      { specifier: "./type.ts", line: 2 },
      { specifier: "./effect.ts", line: 3 },
      { specifier: "./all.ts", line: 4 },
      { specifier: "./named.ts", line: 5 },
      { specifier: "./dynamic.ts", line: 6 },
      { specifier: "./inline-type.ts", line: 7 },
    ]);
  });

  test("no text in comments or strings", () => {
    expect(readImports('// import "./a.ts"\nconst text = `\nimport "./b.ts";\n`;')).toEqual([]);
  });
});

describe("a tree", () => {
  const roots: string[] = [];
  afterEach(() => {
    for (const root of roots.splice(0)) rmSync(root, { recursive: true });
  });

  test("that keeps the rule has no violation, and packages do not matter", () => {
    const root = tree({
      "src/cli/main.ts": 'import { x } from "../service/x.ts";\nimport "fastify";',
      "src/service/x.ts": 'import "node:fs";\nexport const x = 1;',
    });
    expect(checkTree(root)).toEqual({ files: 2, violations: [] });
  });

  test("that breaks it is told by file, line, rule and way out", () => {
    const root = tree({
      "src/core/x.ts": "export const x = 1;",
      "src/dialects/ack/a.ts":
        '\nimport { x } from "../../core/x.ts";\nimport type { S } from "../../substrates/s.ts";',
      "src/substrates/s.ts": "export type S = 1;",
    });
    expect(checkTree(root).violations.map(describeViolation)).toEqual([
      'src/dialects/ack/a.ts:3: imports "../../substrates/s.ts": dialects/ack may not import substrates (only: core). ' +
        "Declare what is needed as an interface in src/core, and let src/service, which puts the parts together, pass the implementation in.",
    ]);
  });

  function tree(files: Record<string, string>): string {
    const root = mkdtempSync(join(tmpdir(), "sampan-lint-"));
    roots.push(root);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return root;
  }
});
