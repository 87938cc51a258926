import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  describeDefault,
  describeRequirement,
  describeRules,
  describeType,
} from "../src/dialects/ack/parameters/describe.ts";
import type { Members, Parameter } from "../src/dialects/ack/parameters/parameter.ts";
import { parameterGroups, placedParameters } from "../src/dialects/ack/parameters/table/table.ts";

import { type EffectTest, testsOf } from "../test/parameter-effects.ts";

/** The page that is made from the table of parameters. */
export const PAGE = resolve(import.meta.dirname, "../docs/parameters.md");

const COMMAND = "node scripts/bootstrap.mjs scripts/parameter-docs.ts";

const INTRODUCTION = `# Parameters of CreateCluster

<!-- Made from src/dialects/ack/parameters by \`${COMMAND}\`. Do not edit. -->

Every parameter that ACK's CreateCluster takes here: its rule, its effect on a cluster, where that can be seen, and the test that looks
there, for each kind of cluster (a file in \`test/\`; \`test/parameter-effects.ts\` names all such tests). Column *in* says
whose documents have it: **M** those of managed clusters (\`ManagedKubernetes\`), **D** those of dedicated ones (\`Kubernetes\`), **+** only
newer versions of the API, which today's clients use. A letter in brackets: newer clients send it for that kind as well.

- Every violation of a request is reported at once, with the parameter, its value, the rule and a way out.
- Numbers and booleans may come as texts (\`"size": "40"\`).
- \`null\`, an empty text, an empty list and an empty object mean "not set", and so does 0 where it is no value of the parameter:
  old clients send every field.
- A field that is not in the table is kept, and an event names it; with \`SAMPAN_VALIDATION=strict\` it is refused.
- What \`parameters\` of DescribeClusterDetail shows is every parameter of the request, but for passwords, in the vendor's spelling.

[deviations.md](deviations.md) says where the documents contradict themselves or each other, and what is done then.
`;

const HEADER = ["parameter", "in", "type", "required", "default", "rule", "meaning", "effect", "observed", "test"];

/** The whole page. */
export function renderPage(): string {
  const groups = parameterGroups.map(({ title, parameters }) => `## ${title}\n\n${renderTable(parameters)}`);
  return `${[INTRODUCTION, ...groups].join("\n")}`;
}

function renderTable(parameters: Members): string {
  const rows = placedParameters(parameters).map(({ path, parameter }) => cells(path, parameter));
  return [HEADER, HEADER.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function cells(path: string, parameter: Parameter): string[] {
  const replaced = parameter.replacedBy ? ` Use \`${parameter.replacedBy}\`.` : "";
  return [
    `\`${path}\``,
    documents(parameter),
    describeType(parameter),
    describeRequirement(parameter, path.includes("[].")) ?? "",
    describeDefault(parameter) ?? "",
    describeRules(parameter).join("; "),
    `${parameter.meaning}${replaced}`,
    parameter.effect,
    parameter.observed,
    tests(path, parameter),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

const letters = { managed: "M", dedicated: "D" } as const;

/** For each kind whose documents have the parameter, the test that observes its effect; of several the most special, which is the last. */
function tests(path: string, { kinds }: Parameter): string {
  const ofKinds = kinds.map((kind) => ({ kind, test: testsOf(path, kind).at(-1) }));
  return ofKinds
    .map(({ kind, test }) => (test ? `${letters[kind]}: ${nameOf(test)}` : `${letters[kind]}: none`))
    .join("; ");
}

const nameOf = ({ file, title: [, test] }: EffectTest): string => `\`${file}\` › ${test}`;

function documents({ kinds, newerFor = [] }: Parameter): string {
  if (kinds.length === 0) return "+";
  return [...kinds.map((kind) => letters[kind]), ...newerFor.map((kind) => `(${letters[kind]})`)].join(" ");
}

/** Whether the page in the repository is what the table gives. */
export const isUpToDate = (): boolean => readFileSync(PAGE, "utf8") === renderPage();

if (import.meta.main) {
  const check = process.argv.includes("--check");
  if (!check) writeFileSync(PAGE, renderPage());
  if (check && !isUpToDate()) {
    process.stderr.write(`docs/parameters.md is not what the table of parameters gives; run: ${COMMAND}\n`);
    process.exitCode = 1;
  }
}
