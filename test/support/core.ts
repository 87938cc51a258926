import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { type Credentials, ensureFirstAccount } from "../../src/core/accounts/first-account.ts";
import type { Core } from "../../src/core/core.ts";
import { createCipher } from "../../src/storage/cipher.ts";
import { openDatabase } from "../../src/storage/database.ts";
import type { Queryable } from "../../src/storage/queryable.ts";
import * as schema from "../../src/storage/schema.ts";
import { withStorageErrors } from "../../src/storage/storage-error.ts";

/** A core on a database in memory, with a queue that only notes down what it is given. */
export interface TestCore {
  core: Core;
  /** The account of {@link testCredentials}. */
  accountId: string;
  /** Ids of the tasks that were put in the queue, in order. */
  enqueued: string[];
  close(): Promise<void>;
}

export const testCredentials: Credentials = {
  accessKeyId: "LTAI5tTestAccessKey",
  accessKeySecret: "testSecretOfTheFirstAccount",
  projectId: "0123456789abcdef0123456789abcdef",
  region: "cn-north-4",
  domainName: "acme",
  userName: "alice",
  userPassword: "the password of the first user",
};

export async function createTestCore(): Promise<TestCore> {
  const pglite = await PGlite.create();
  const db = withStorageErrors(drizzle(pglite, { schema }));
  await migrate(db, { migrationsFolder: fileURLToPath(new URL("../../src/storage/migrations", import.meta.url)) });
  return { ...(await coreOn(db)), close: () => pglite.close() };
}

/** The same on a database as the service has it: in a folder, and in a thread of its own. */
export async function createKeptTestCore(): Promise<TestCore> {
  const home = await mkdtemp(join(tmpdir(), "sampan-core-"));
  const { db, close } = await openDatabase({ home, url: undefined });
  return {
    ...(await coreOn(db)),
    async close() {
      await close();
      await rm(home, { recursive: true });
    },
  };
}

async function coreOn(db: Queryable): Promise<Omit<TestCore, "close">> {
  const enqueued: string[] = [];
  const core: Core = {
    db,
    cipher: createCipher(randomBytes(32)),
    placement: "here",
    tokenIssuer: (clusterId) => `http://127.0.0.1:7080/oidc/${clusterId}`,
    queue: {
      enqueue: async (_transaction, { taskId }) => void enqueued.push(taskId),
      enqueueMissing: async () => undefined,
      releaseAbandoned: async () => undefined,
      work: async () => undefined,
      stop: async () => undefined,
    },
  };
  await ensureFirstAccount(core, testCredentials);
  return { core, accountId: "default", enqueued };
}
