import { randomInt } from "node:crypto";
import { and, eq, lt } from "drizzle-orm";
import { accessKeys, accounts, nonces } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** The account that the service's own credentials belong to. */
const firstAccountId = "default";

/** A key that signs requests, with its secret in clear: never log it. */
export interface AccessKey {
  id: string;
  accountId: string;
  secret: string;
  active: boolean;
}

/** What the first account is made from. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  /** Huawei Cloud project id: 32 hexadecimal digits. */
  projectId: string;
}

/** Makes the first account, or gives it the credentials where they have changed. Its other keys stop working. */
export async function ensureFirstAccount(core: Core, credentials: Credentials): Promise<void> {
  const secret = core.cipher.encrypt(credentials.accessKeySecret);
  await core.db.transaction(async (tx) => {
    const account = { id: firstAccountId, alibabaUid: newAlibabaUid(), huaweiProjectId: credentials.projectId };
    await tx
      .insert(accounts)
      .values(account)
      .onConflictDoUpdate({ target: accounts.id, set: { huaweiProjectId: credentials.projectId } });
    await tx.update(accessKeys).set({ active: false }).where(eq(accessKeys.accountId, firstAccountId));
    await tx
      .insert(accessKeys)
      .values({ id: credentials.accessKeyId, accountId: firstAccountId, secret })
      .onConflictDoUpdate({ target: accessKeys.id, set: { secret, active: true } });
  });
}

/** Sixteen digits, as Alibaba Cloud's user ids have. */
const newAlibabaUid = () => `1${String(randomInt(0, 1e12)).padStart(12, "0")}${randomInt(100, 1000)}`;

/** The key of that id, or undefined. */
export async function findAccessKey(core: Core, id: string): Promise<AccessKey | undefined> {
  const [row] = await core.db.select().from(accessKeys).where(eq(accessKeys.id, id));
  return row && { id: row.id, accountId: row.accountId, secret: core.cipher.decrypt(row.secret), active: row.active };
}

/**
 * Notes down a nonce until `expiresAt`. The database decides, so that a request replayed to another replica, or at the
 * same moment, is found out as well.
 * @returns false when that key has used it before
 */
export async function rememberNonce(core: Core, accessKeyId: string, nonce: string, expiresAt: Date): Promise<boolean> {
  const added = await core.db
    .insert(nonces)
    .values({ accessKeyId, nonce, expiresAt })
    .onConflictDoNothing()
    .returning({ nonce: nonces.nonce });
  return added.length === 1;
}

/** Forgets nonces whose requests are too old to be accepted anyway. */
export async function forgetExpiredNonces(core: Core, now: Date): Promise<void> {
  await core.db.delete(nonces).where(and(lt(nonces.expiresAt, now)));
}
