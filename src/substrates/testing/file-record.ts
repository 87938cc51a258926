import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { ClusterPlan, ClusterRecord } from "../substrate.ts";

interface Content {
  plan: ClusterPlan;
  state: Record<string, unknown>;
  secrets: Record<string, string>;
}

/** What a test may do just before something is kept. */
export interface RecordHooks {
  beforeSaveState?(patch: Record<string, unknown>): void;
  beforePutSecret?(name: string): void;
}

/** Writes the file of a cluster that has a plan and nothing else. */
export function createRecordFile(path: string, plan: ClusterPlan): void {
  write(path, { plan, state: {}, secrets: {} });
}

/** A cluster's record that lives in a file, so that it outlives the process, as the database's do. Not encrypted: for tests. */
export function openRecordFile(path: string, hooks: RecordHooks = {}): ClusterRecord {
  const content = JSON.parse(readFileSync(path, "utf8")) as Content;
  return {
    plan: content.plan,
    get state() {
      return content.state;
    },
    async saveState(patch) {
      hooks.beforeSaveState?.(patch);
      content.state = { ...content.state, ...patch };
      write(path, content);
    },
    secrets: {
      get: async (name) => content.secrets[name],
      async put(name, value) {
        hooks.beforePutSecret?.(name);
        content.secrets[name] = value;
        write(path, content);
      },
    },
  };
}

/** The same cluster with another plan, as after a change that a user asked for. */
export function withPlan(cluster: ClusterRecord, plan: Partial<ClusterPlan>): ClusterRecord {
  return {
    plan: { ...cluster.plan, ...plan },
    get state() {
      return cluster.state;
    },
    saveState: cluster.saveState,
    secrets: cluster.secrets,
  };
}

function write(path: string, content: Content): void {
  writeFileSync(`${path}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
