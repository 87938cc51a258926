import { eq, lt, sql } from "drizzle-orm";
import { WrongKeyError } from "../../storage/cipher.ts";
import { prepared } from "../../storage/prepared.ts";
import { accessKeys, accounts, keyProofs, nonces } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** A key that signs requests, with its secret in clear: never log it. */
export interface AccessKey {
  id: string;
  accountId: string;
  /** Huawei Cloud's id of the account. */
  domainId: string;
  /** An HMAC needs it as it is. */
  secret: string;
  /** False once it is disabled. */
  active: boolean;
}

/** The text whose encrypted form tells whether a key is the right one. */
const provenText = "The key of the secrets in this database.";

/**
 * Makes sure that the secrets in the database were encrypted with the key that this process has.
 * @throws {WrongKeyError} where they were not; nothing is changed
 */
export async function proveKey(core: Core): Promise<void> {
  await core.db
    .insert(keyProofs)
    .values({ id: 1, proof: core.cipher.encrypt(provenText) })
    .onConflictDoNothing();
  const [row] = await core.db.select().from(keyProofs);
  try {
    if (row) core.cipher.decrypt(row.proof);
  } catch (error) {
    const message =
      "The secrets in the database were encrypted with another key than that of this SAMPAN_HOME (secret.key). " +
      "Copy that file from the home that made the database, or use another SAMPAN_DATABASE_URL.";
    throw new WrongKeyError(message, { cause: error });
  }
}

/** The key of that id, or undefined. */
export async function findAccessKey(core: Core, id: string): Promise<AccessKey | undefined> {
  const [row] = await core.db
    .select({
      id: accessKeys.id,
      accountId: accessKeys.accountId,
      domainId: accounts.huaweiDomainId,
      secret: accessKeys.secret,
      active: accessKeys.active,
    })
    .from(accessKeys)
    .innerJoin(accounts, eq(accounts.id, accessKeys.accountId))
    .where(eq(accessKeys.id, id));
  return row && { ...row, secret: core.cipher.decrypt(row.secret) };
}

/** How long a key that was found is taken for unchanged, in milliseconds: a disabled key works no longer than that. */
const keyMemory = 5_000;

/** {@link findAccessKey} with a short memory, since every request looks a key up. Unknown keys are not remembered. */
export function rememberingAccessKeys(
  core: Core,
  now: () => number = Date.now,
): (id: string) => Promise<AccessKey | undefined> {
  const known = new Map<string, { key: AccessKey; until: number }>();
  return async (id) => {
    const remembered = known.get(id);
    if (remembered && now() < remembered.until) return remembered.key;
    const key = await findAccessKey(core, id);
    if (key) known.set(id, { key, until: now() + keyMemory });
    else known.delete(id);
    return key;
  };
}

const insertNonce = prepared("remember_nonce", (db) =>
  db
    .insert(nonces)
    .values({
      accessKeyId: sql.placeholder("accessKeyId"),
      nonce: sql.placeholder("nonce"),
      expiresAt: sql.placeholder("expiresAt"),
    })
    .onConflictDoNothing()
    .returning({ commit: sql`set_config('synchronous_commit', 'off', true)` }),
);

/**
 * Notes down a nonce until `expiresAt`. The database decides, so that a request replayed to another replica, or at the
 * same moment, is found out as well. It does not wait for the disk, which every request would: whatever the request itself
 * changes is written to the database's log later, and brings the nonce to the disk with it.
 * @returns false when that key has used it before
 */
export async function rememberNonce(
  { db }: Core,
  accessKeyId: string,
  nonce: string,
  expiresAt: Date,
): Promise<boolean> {
  const added = await insertNonce(db, { accessKeyId, nonce, expiresAt });
  return added.length === 1;
}

/** Forgets nonces whose requests are too old to be accepted anyway. */
export async function forgetExpiredNonces(core: Core, now: Date): Promise<void> {
  await core.db.delete(nonces).where(lt(nonces.expiresAt, now));
}
