import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Kind } from "../src/dialects/ack/clusters/create/kind.ts";
import { parameterGroups as ackGroups } from "../src/dialects/ack/clusters/create/table/table.ts";
import { parameterGroups as cceGroups } from "../src/dialects/cce/clusters/create/table/table.ts";
import {
  describeDefault,
  describeRequirement,
  describeRules,
  describeType,
} from "../src/dialects/common/parameters/describe.ts";
import {
  type Members,
  type Parameter,
  placedParameters,
  usualItems,
  usualLength,
} from "../src/dialects/common/parameters/parameter.ts";
import { cceTestsOf } from "../test/cce-parameter-effects.ts";
import { testsOf } from "../test/parameter-effects.ts";

/** The page that is made from the tables of parameters. */
export const page = resolve(import.meta.dirname, "../docs/parameters.md");

const command = "node scripts/bootstrap.mjs scripts/parameter-docs.ts";

const pageIntroduction = `# Parameters of CreateCluster

<!-- Made from src/dialects/ack/clusters/create/table and src/dialects/cce/clusters/create/table by \`${command}\`. Do not edit. -->

Every parameter that CreateCluster takes here, of [ACK](#ack) and of [CCE](#cce): its rule, its effect on a cluster, where that can be
seen, and the test that looks there (a file in \`test/\`).

- Every violation of a request is reported at once, with the parameter, its value, the rule and a way out.
- Numbers and booleans may come as texts (\`"size": "40"\`).
- \`null\`, an empty text, an empty list and an empty object mean "not set", and so does 0 where it is no value of the parameter:
  old clients send every field.
- Where a row has no other number, a text has at most ${usualLength} characters, and a list or a map ${usualItems} entries.
- A field that is not in the table is kept, and an event names it; with \`SAMPAN_VALIDATION=strict\` it is refused.
`;

const ackIntroduction = `Column *in* says whose documents have it: **M** those of managed clusters (\`ManagedKubernetes\`), **D** those of dedicated ones
(\`Kubernetes\`), **+** only newer versions of the API, which today's clients use. A letter in brackets: newer clients send it for that
kind as well. The tests are named for each kind; \`test/parameter-effects.ts\` has all of them.

- What \`parameters\` of DescribeClusterDetail shows is every parameter of the request, but for passwords, in the vendor's spelling.

[deviations.md](deviations.md) says where the documents contradict themselves or each other, and what is done then.
`;

const cceIntroduction = `Column *in* says where it is from: **documented**, or **newer** versions of the API, which today's clients use. The tests of the documented
ones are named; \`test/cce-parameter-effects.ts\` has all of them.

- A body whose keys are spelt \`apiversion\`, \`hostNetwok\` (as the documents' tables have it), or as the envelope's in another case is taken,
  and answered in the right spelling; a key in two spellings with different values is refused.
- Any other member of \`spec.extendParam\` is kept and shown, also with \`SAMPAN_VALIDATION=strict\`.
- What is shown is every parameter of the request, but for the proxy's key.
`;

const header = ["parameter", "in", "type", "required", "default", "rule", "meaning", "effect", "observed", "test"];

/** Part of the page: one dialect's parameters. */
interface Chapter {
  title: string;
  introduction: string;
  /** Parameters with what stands before their names. */
  groups: readonly { title: string; prefix?: string; parameters: Members }[];
  /** What the column "in" says. */
  documents: (parameter: Parameter) => string;
  /** What the column "test" says. */
  tests: (path: string, parameter: Parameter) => string;
}

const letters: Readonly<Record<Kind, string>> = { managed: "M", dedicated: "D" };
const isKind = (kind: string): kind is Kind => kind in letters;

const chapters: readonly Chapter[] = [
  {
    title: "ACK",
    introduction: ackIntroduction,
    groups: ackGroups,
    documents: ({ kinds = [], newerFor = [] }) => {
      if (kinds.length === 0) return "+";
      const [own, newer] = [kinds, newerFor].map((list) => list.filter(isKind).map((kind) => letters[kind]));
      return [...(own ?? []), ...(newer ?? []).map((letter) => `(${letter})`)].join(" ");
    },
    tests: (path, { kinds = [] }) =>
      kinds
        .filter(isKind)
        .map((kind) => `${letters[kind]}: ${lastOf(testsOf(path, kind)) ?? "none"}`)
        .join("; "),
  },
  {
    title: "CCE",
    introduction: cceIntroduction,
    groups: cceGroups,
    documents: ({ kinds = [] }) => (kinds.length > 0 ? "documented" : "newer"),
    tests: (path, { kinds = [] }) => lastOf(cceTestsOf(path)) ?? (kinds.length > 0 ? "none" : ""),
  },
];

/** Of several tests the most special, which is the last; undefined where there is none. */
function lastOf(tests: readonly { file: string; title: readonly [group: string, test: string] }[]): string | undefined {
  const test = tests.at(-1);
  return test && `\`${test.file}\` › ${test.title[1]}`;
}

/** The whole page. */
export const renderPage = (): string => [pageIntroduction, ...chapters.map(renderChapter)].join("\n");

function renderChapter({ title, introduction, groups, ...columns }: Chapter): string {
  const tables = groups.map((group) => `### ${group.title}\n\n${renderTable(group, columns)}`);
  return [`## ${title}\n`, introduction, ...tables].join("\n");
}

type Columns = Pick<Chapter, "documents" | "tests">;

function renderTable({ prefix = "", parameters }: Chapter["groups"][number], columns: Columns): string {
  const rows = placedParameters(parameters, prefix).map(({ path, parameter }) => cells(path, parameter, columns));
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |\n`).join("");
}

function cells(path: string, parameter: Parameter, { documents, tests }: Columns): string[] {
  const replaced = parameter.replacedBy ? ` Use \`${parameter.replacedBy}\`.` : "";
  return [
    `\`${path}\``,
    documents(parameter),
    describeType(parameter),
    describeRequirement(parameter, path.includes("[].")) ?? "",
    describeDefault(parameter) ?? "",
    describeRules(parameter).join("; "),
    `${parameter.meaning}${replaced}`,
    parameter.effect ?? "",
    parameter.observed ?? "",
    tests(path, parameter),
  ].map((cell) => cell.replaceAll("|", "\\|"));
}

/** Whether the page in the repository is what the tables give. */
export const isUpToDate = (): boolean => readFileSync(page, "utf8") === renderPage();

if (import.meta.main) {
  const check = process.argv.includes("--check");
  if (!check) writeFileSync(page, renderPage());
  if (check && !isUpToDate()) {
    process.stderr.write(`docs/parameters.md is not what the tables of parameters give; run: ${command}\n`);
    process.exitCode = 1;
  }
}
