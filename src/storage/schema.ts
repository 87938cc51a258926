import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";

/** A moment, with its time zone, as a Date. */
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });
const createdAt = moment("created_at").notNull().defaultNow();
const updatedAt = moment("updated_at").notNull().defaultNow();

/** Who owns clusters: one Alibaba Cloud user and one Huawei Cloud domain at once. */
export const accounts = pgTable("accounts", {
  id: text("id").primaryKey(),
  alibabaUid: text("alibaba_uid").notNull(),
  /** Huawei Cloud's id of the account: 32 hexadecimal digits. */
  huaweiDomainId: text("huawei_domain_id").notNull().unique(),
  /** The account's name, which its users give when they ask for a token. */
  huaweiDomainName: text("huawei_domain_name").notNull().unique(),
  createdAt,
});

/** Huawei Cloud projects: parts of an account, each in a region, that clusters are in. */
export const projects = pgTable(
  "projects",
  {
    /** 32 hexadecimal digits. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** The region, e.g. `cn-north-4`, and for a further project of that region a suffix: `cn-north-4_test`. */
    name: text("name").notNull(),
    /** Whether it is the account's first one, which has all clusters that name no project. */
    isFirst: boolean("is_first").notNull().default(false),
    createdAt,
  },
  (table) => [
    unique().on(table.accountId, table.name),
    uniqueIndex("projects_first_of_account_index").on(table.accountId).where(sql`${table.isFirst}`),
  ],
);

/** Who can log in to an account with a password. */
export const users = pgTable(
  "users",
  {
    /** 32 hexadecimal digits. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    /** By scrypt, with its parameters and its salt. */
    passwordHash: text("password_hash").notNull(),
    createdAt,
  },
  (table) => [unique().on(table.accountId, table.name)],
);

/** Tokens that were issued to users and that requests can come with, until they expire. */
export const tokens = pgTable(
  "tokens",
  {
    /** SHA-256 of the token, which itself is kept nowhere. */
    hash: text("hash").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** The project it is good for; null for the account as a whole. */
    projectId: text("project_id").references(() => projects.id, { onDelete: "cascade", onUpdate: "cascade" }),
    issuedAt: moment("issued_at").notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [index().on(table.userId), index().on(table.expiresAt)],
);

/** Keys that sign requests, in every dialect. */
export const accessKeys = pgTable("access_keys", {
  id: text("id").primaryKey(),
  accountId: text("account_id")
    .notNull()
    .references(() => accounts.id, { onDelete: "cascade" }),
  /** Encrypted. */
  secret: text("secret").notNull(),
  active: boolean("active").notNull().default(true),
  createdAt,
});

/** One row: a known text, encrypted, that tells whether a replica has the key of the secrets in this database. */
export const keyProofs = pgTable("key_proofs", {
  id: integer("id").primaryKey(),
  proof: text("proof").notNull(),
});

/** Nonces of signed requests, kept until the signature's freshness window has passed. */
export const nonces = pgTable(
  "nonces",
  {
    accessKeyId: text("access_key_id").notNull(),
    nonce: text("nonce").notNull(),
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accessKeyId, table.nonce] }), index().on(table.expiresAt)],
);

/** Names that clients gave their requests, so that one that is sent again is not done again. */
export const clientTokens = pgTable(
  "client_tokens",
  {
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id, { onDelete: "cascade" }),
    /** Dialect and operation, e.g. `ack.CreateCluster`. */
    operation: text("operation").notNull(),
    token: text("token").notNull(),
    /** SHA-256 of what the request asked for; encrypted. */
    digest: text("digest").notNull(),
    /** What it came to; null only within the transaction that does it. */
    answer: jsonb("answer"),
    createdAt,
    expiresAt: moment("expires_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.operation, table.token] }), index().on(table.expiresAt)],
);

/** Clusters that exist; a deleted one has no row. */
export const clusters = pgTable(
  "clusters",
  {
    /** 32 lower-case hexadecimal digits: each dialect spells its id from them. */
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Null for the account's first project. */
    projectId: text("project_id").references(() => projects.id, { onUpdate: "cascade" }),
    /** The dialect that made it. */
    dialect: text("dialect").notNull(),
    name: text("name").notNull(),
    region: text("region").notNull(),
    state: text("state").notNull(),
    /** The queue of the replica that can reach it: clusters of the local substrate are in one home's hands. */
    placement: text("placement").notNull(),
    /** What is wanted, defaults applied, in the core's words. */
    spec: jsonb("spec").notNull(),
    /** The request as it was sent, secrets excepted. */
    request: jsonb("request").notNull(),
    /** What the substrate noted down about it. */
    substrateState: jsonb("substrate_state").notNull().default({}),
    createdAt,
    updatedAt,
  },
  (table) => [index().on(table.accountId, table.createdAt)],
);

/** How a cluster was when its own home last looked: what other homes' processes, which cannot reach it, answer from. */
export const clusterObservations = pgTable("cluster_observations", {
  clusterId: text("cluster_id")
    .primaryKey()
    .references(() => clusters.id, { onDelete: "cascade" }),
  /** Whether every member of its control plane said that it is ready. */
  ready: boolean("ready").notNull(),
  /** Readiness of its nodes by name; null where its API server did not tell. */
  nodes: jsonb("nodes"),
  observedAt: moment("observed_at").notNull().defaultNow(),
});

/** Secrets of a cluster (PEM keys, login passwords), each value encrypted. */
export const clusterSecrets = pgTable(
  "cluster_secrets",
  {
    clusterId: text("cluster_id")
      .notNull()
      .references(() => clusters.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    value: text("value").notNull(),
  },
  (table) => [primaryKey({ columns: [table.clusterId, table.name] })],
);

/** Groups of like nodes. */
export const nodePools = pgTable(
  "node_pools",
  {
    id: text("id").primaryKey(),
    clusterId: text("cluster_id")
      .notNull()
      .references(() => clusters.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    spec: jsonb("spec").notNull(),
    createdAt,
  },
  (table) => [index().on(table.clusterId)],
);

/** Workers: instances that carry a Node object. */
export const nodes = pgTable(
  "nodes",
  {
    /** Instance id, e.g. `i-2ze0...`; unique within its cluster, since a user may name any. */
    instanceId: text("instance_id").notNull(),
    clusterId: text("cluster_id")
      .notNull()
      .references(() => clusters.id, { onDelete: "cascade" }),
    nodePoolId: text("node_pool_id").notNull(),
    /** Name of the Node object. */
    name: text("name").notNull(),
    /** Address in the VPC. */
    address: text("address").notNull(),
    vswitchId: text("vswitch_id").notNull(),
    instanceType: text("instance_type").notNull(),
    /** True where the instance was there before the cluster. */
    existing: boolean("existing").notNull().default(false),
    /** Order of creation within the cluster. */
    ordinal: integer("ordinal").notNull(),
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.clusterId, table.instanceId] })],
);

/** Long operations on clusters. They outlive their cluster, since clients go on asking for the result. */
export const tasks = pgTable(
  "tasks",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id")
      .notNull()
      .references(() => accounts.id),
    /** Project of its cluster; null for the account's first. */
    projectId: text("project_id"),
    clusterId: text("cluster_id").notNull(),
    clusterName: text("cluster_name").notNull(),
    placement: text("placement").notNull(),
    kind: text("kind").notNull(),
    /** What it is about: type and id. */
    target: jsonb("target").notNull(),
    /** With what it is done, as it was asked for. */
    input: jsonb("input").notNull().default({}),
    state: text("state").notNull(),
    /** The stages in order, each with state, times and message. */
    stages: jsonb("stages").notNull(),
    /** What a user asked of the task while it ran: `cancel` or `pause`. */
    requested: text("requested"),
    rollback: boolean("rollback").notNull().default(false),
    /** Minutes that may be worked on the task. */
    timeoutMinutes: integer("timeout_minutes").notNull(),
    error: text("error"),
    createdAt,
    updatedAt,
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    /** Milliseconds that were worked on it, over all runs: what its time limit counts. */
    workedMs: bigint("worked_ms", { mode: "number" }).notNull().default(0),
  },
  (table) => [index().on(table.clusterId, table.createdAt), index().on(table.accountId, table.endedAt)],
);

/** What happened to clusters, for people and for streams. */
export const events = pgTable(
  "events",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    accountId: text("account_id").notNull(),
    clusterId: text("cluster_id").notNull(),
    taskId: text("task_id"),
    level: text("level").notNull(),
    reason: text("reason").notNull(),
    message: text("message").notNull(),
    at: moment("at").notNull().defaultNow(),
  },
  (table) => [index().on(table.clusterId, table.id), index().on(table.accountId, table.id)],
);

/** Networks that clusters name. */
export const vpcs = pgTable(
  "vpcs",
  {
    accountId: text("account_id").notNull(),
    id: text("id").notNull(),
    region: text("region").notNull(),
    cidr: text("cidr").notNull(),
    createdAt,
    /** When a cluster was last seen in it. */
    usedAt: moment("used_at").notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.id] })],
);

/** Subnets of a VPC, each in a zone. */
export const vswitches = pgTable(
  "vswitches",
  {
    accountId: text("account_id").notNull(),
    id: text("id").notNull(),
    vpcId: text("vpc_id").notNull(),
    zone: text("zone").notNull(),
    cidr: text("cidr").notNull(),
    createdAt,
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    foreignKey({ columns: [table.accountId, table.vpcId], foreignColumns: [vpcs.accountId, vpcs.id] }),
  ],
);

/** Security groups that clusters name. Those that were made for a cluster are among its resources. */
export const securityGroups = pgTable(
  "security_groups",
  {
    accountId: text("account_id").notNull(),
    id: text("id").notNull(),
    vpcId: text("vpc_id").notNull(),
    createdAt,
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    foreignKey({ columns: [table.accountId, table.vpcId], foreignColumns: [vpcs.accountId, vpcs.id] }),
  ],
);

/** What a cloud would have made for a cluster, and what it uses of what was there before. */
export const clusterResources = pgTable(
  "cluster_resources",
  {
    clusterId: text("cluster_id")
      .notNull()
      .references(() => clusters.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    /** e.g. `lb-2ze0...`. A user may name any, however long: it is in no index. */
    id: text("id").notNull(),
    /** What it is to the cluster, e.g. `k8s_NAT_Gateway`. */
    name: text("name").notNull(),
    /** True where it was there before the cluster. */
    existing: boolean("existing").notNull(),
    /** Who had it made: `user`, `system` or `addon`. */
    creator: text("creator").notNull(),
    /** The node pool it serves, where it serves one. */
    nodePoolId: text("node_pool_id"),
    /** Size, billing, tags and the like. */
    details: jsonb("details").notNull(),
    /** What it needs: kind and id of other resources of the cluster. */
    dependencies: jsonb("dependencies").notNull(),
    /** The object in the cluster that it belongs to. */
    associatedObject: jsonb("associated_object"),
    /** Order within the cluster. */
    ordinal: integer("ordinal").notNull(),
    createdAt,
  },
  (table) => [primaryKey({ columns: [table.clusterId, table.ordinal] }), index().on(table.kind)],
);
