import type { Violation } from "../../../../common/errors/violations.ts";
import { ofKind, type Parameter } from "../../../../common/parameters/parameter.ts";
import { repeated } from "../../../../common/parameters/repeated.ts";
import { missing } from "../../../../common/parameters/value-check.ts";
import { masterParameters } from "../table/masters.ts";
import type { GivenBody } from "../table/table.ts";
import { workerParameters } from "../table/workers.ts";
import type { Rule, RuleContext } from "./rule.ts";

type Name = keyof GivenBody & string;

/** Parameters by which the documents' way of asking for workers is known. */
const workerFields = Object.keys(workerParameters).filter((name): name is Name => /^worker_/.test(name));

const neededByWorkers: readonly Name[] = [
  "num_of_nodes",
  "worker_instance_types",
  "worker_system_disk_category",
  "worker_system_disk_size",
];

/**
 * Whether a managed cluster's request asks for workers in the documents' way. Newer clients use node pools, or make them
 * by calls of their own, and send none of these parameters; old ones send 0 nodes for none.
 */
const asksForWorkers = ({ given }: RuleContext): boolean =>
  !given.nodepools &&
  Boolean(given.num_of_nodes || given.instances || workerFields.some((name) => given[name] !== undefined));

const workers: Rule = (context) => {
  if (context.kind === "dedicated" || !asksForWorkers(context)) return [];
  return neededByWorkers.filter((name) => !context.isGiven(name)).map((name) => missing(name, defaultOf(name)));
};

const neededByMasters = [
  { name: "master_system_disk_category", newer: "control_plane_config.system_disk_category" },
  { name: "master_system_disk_size", newer: "control_plane_config.system_disk_size" },
] as const;

/** A client that describes the masters in the newer way is asked in that way for what is missing. */
const masters: Rule = ({ given, kind, isGiven }) => {
  if (kind === "managed") return [];
  return neededByMasters
    .filter(({ name }) => !isGiven(name))
    .map(({ name, newer }) => missing(given.control_plane_config ? newer : name, defaultOf(name)));
};

/** Some parameters are documented as mandatory and with a default; the message tells it. */
function defaultOf(name: string): string | undefined {
  const parameters: Readonly<Record<string, Parameter>> = { ...workerParameters, ...masterParameters };
  const value = parameters[name]?.default;
  return value === undefined ? undefined : `the usual value is ${ofKind(value, "managed")}`;
}

const credentials: Rule = (context) => {
  const { body, kind } = context;
  const needed = kind === "dedicated" || asksForWorkers(context);
  if (!needed || body.key_pair || body.login_password) return [];
  return [
    {
      parameter: kind === "dedicated" && body.control_plane_config ? "control_plane_config.key_pair" : "key_pair",
      rule: "or login_password is mandatory",
      wayOut: "name a key pair, or set a password",
    },
  ];
};

const runtime: Rule = ({ given }) => {
  if (!given.runtime) return [];
  return (["name", "version"] as const)
    .filter((member) => given.runtime?.[member] === undefined)
    .map((member) => missing(`runtime.${member}`, "the runtime has a name and a version, e.g. docker and 19.03.5"));
};

const existingInstances: Rule = ({ body }) =>
  repeated(body.instances ?? [], (id) => id).map(({ item, index }) => ({
    parameter: `instances[${index}]`,
    value: item,
    rule: "must not be named twice",
  }));

const masterLists: Rule = ({ body, kind, nameOf }) => {
  if (kind === "managed") return [];
  const count = body.master_count;
  return (["master_vswitch_ids", "master_instance_types"] as const).flatMap((name): Violation[] => {
    const length = body[name]?.length ?? 0;
    if (length <= count) return [];
    return [
      {
        parameter: nameOf(name),
        value: body[name],
        rule: `must have at most as many entries as there are masters (${nameOf("master_count")} ${count})`,
      },
    ];
  });
};

const tags: Rule = ({ body }) => [
  ...repeatedKeys("tags", body.tags),
  ...(body.nodepools ?? []).flatMap((pool, index) =>
    repeatedKeys(`nodepools[${index}].scaling_group.tags`, pool.scaling_group.tags),
  ),
];

function repeatedKeys(path: string, list: readonly { key?: string }[] = []): Violation[] {
  return repeated(list, ({ key }) => key).map(({ item, index }) => ({
    parameter: `${path}[${index}].key`,
    value: item.key,
    rule: "must not be given twice",
  }));
}

/** Kubernetes takes no two taints with one key and one effect. */
const taints: Rule = ({ body }) => [
  ...repeatedTaints("taints", body.taints),
  ...(body.nodepools ?? []).flatMap((pool, index) =>
    repeatedTaints(`nodepools[${index}].kubernetes_config.taints`, pool.kubernetes_config.taints),
  ),
];

function repeatedTaints(path: string, list: readonly { key?: string; effect?: string }[] = []): Violation[] {
  return repeated(list, ({ key, effect }) => key && effect && `${key}:${effect}`).map(({ item, index }) => ({
    parameter: `${path}[${index}].key`,
    value: item.key,
    rule: `must not be given twice with the effect ${item.effect}`,
  }));
}

/** Where a pool is scaled by itself, its bounds are in order; 0 as the upper bound means none where it is not. */
const poolBounds: Rule = ({ body }) =>
  (body.nodepools ?? []).flatMap(({ auto_scaling: scaling }, index): Violation[] => {
    const { enable, min_instances: least, max_instances: most } = scaling;
    if (least === undefined || most === undefined || least <= most || (most === 0 && !enable)) return [];
    return [
      {
        parameter: `nodepools[${index}].auto_scaling.min_instances`,
        value: least,
        rule: `must not be above max_instances (${most})`,
      },
    ];
  });

/** How many nodes a request asks for, masters included. */
export function nodeCount({ body, kind }: Pick<RuleContext, "body" | "kind">): number {
  const masters = kind === "dedicated" ? body.master_count : 0;
  return (body.nodepools ?? []).map(poolSize).reduce((sum, size) => sum + size, masters + plainSize(body));
}

/** How many workers are in no node pool of the request's; what joins does so beside the pools. */
function plainSize({ nodepools, num_of_nodes: wanted = 0, instances = [] }: RuleContext["body"]): number {
  return nodepools ? instances.length : Math.max(wanted, instances.length);
}

type Pool = NonNullable<RuleContext["body"]["nodepools"]>[number];

/** How many nodes a pool has at first. */
const poolSize = ({ count, scaling_group: group, auto_scaling: scaling }: Pool): number =>
  Math.max(count ?? group.desired_size ?? 0, (scaling.enable && scaling.min_instances) || 0);

/** What all groups of nodes of a request may have together: each of them is written, and read again as a whole. */
const most = { nodes: 1000, disks: 4000, rdsInstances: 20 };

/** Groups that are each within their limits can be too many together. */
const together: Rule = (context) => {
  const { nodes, disks, rdsInstances } = sizesOf(context);
  const parameter = context.body.nodepools ? "nodepools" : "num_of_nodes";
  if (nodes > most.nodes)
    return [tooMany(parameter, nodes, "nodes", most.nodes, "make several clusters, or ask for fewer nodes")];
  return [
    ...(disks > most.disks ? [tooMany(parameter, disks, "disks", most.disks, "ask for fewer disks or nodes")] : []),
    ...(rdsInstances > most.rdsInstances
      ? [tooMany("rds_instances", rdsInstances, "RDS instances", most.rdsInstances, "name fewer of them")]
      : []),
  ];
};

const tooMany = (parameter: string, asked: number, what: string, limit: number, wayOut: string): Violation => ({
  parameter,
  rule: `must ask for at most ${limit} ${what} in all, and ${asked} are asked for`,
  wayOut,
});

/** What a request asks for in all its groups of nodes. */
function sizesOf({ body, kind }: RuleContext) {
  const pools = body.nodepools ?? [];
  const nodes = nodeCount({ body, kind });
  const dataDisks = pools.map((pool) => poolSize(pool) * (pool.scaling_group.data_disks?.length ?? 0));
  const ofDefaultPool = plainSize(body) * (body.worker_data_disks?.length ?? 0);
  const rds = [body, ...pools.map((pool) => pool.scaling_group)].flatMap((holder) => holder.rds_instances ?? []);
  return {
    nodes,
    disks: dataDisks.reduce((sum, size) => sum + size, nodes + ofDefaultPool),
    rdsInstances: new Set(rds).size,
  };
}

/** The rules of masters, workers and node pools. */
export const nodeRules: readonly Rule[] = [
  workers,
  masters,
  credentials,
  runtime,
  existingInstances,
  masterLists,
  tags,
  taints,
  poolBounds,
  together,
];
