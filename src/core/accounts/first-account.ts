import { randomInt } from "node:crypto";
import { and, asc, eq, ne, or, sql } from "drizzle-orm";
import { accessKeys, accounts, projects, users } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { hashPassword, isPassword } from "./passwords.ts";
import { newIdentityId } from "./projects.ts";
import { endTokens } from "./tokens.ts";

/** The account that the service's own credentials belong to. */
const firstAccountId = "default";

/** What the first account is made from. */
export interface Credentials {
  accessKeyId: string;
  accessKeySecret: string;
  /** Huawei Cloud project id: 32 hexadecimal digits. */
  projectId: string;
  /** Huawei Cloud region that the project is in, which is its name too. */
  region: string;
  /** The account's name at Huawei Cloud. */
  domainName: string;
  userName: string;
  /** Undefined leaves the user's password as it is. */
  userPassword: string | undefined;
}

/** The credentials that are in force, as the database has them: it keeps no more than a hash of the password. */
export interface SharedCredentials extends Omit<Credentials, "userName" | "userPassword"> {
  /** Undefined in a database from before there were users. */
  user: { name: string; hasPassword(password: string): Promise<boolean> } | undefined;
}

/**
 * Makes the first account, or brings it up to date, with credentials that are chosen by those in force. Replicas that start
 * at the same moment take their turns, so that the second one finds those of the first in force.
 */
export async function settleFirstAccount(
  core: Core,
  choose: (inForce: SharedCredentials | undefined) => Promise<Credentials>,
): Promise<void> {
  await core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('sampan-first-account'))`);
    await ensureFirstAccount(inside, await choose(await firstCredentials(inside)));
  });
}

/** The credentials of the first account as the database has them, so that a further replica gets the same. */
export async function firstCredentials(core: Core): Promise<SharedCredentials | undefined> {
  const [row] = await core.db
    .select({
      accessKeyId: accessKeys.id,
      accessKeySecret: accessKeys.secret,
      projectId: projects.id,
      region: projects.name,
      domainName: accounts.huaweiDomainName,
    })
    .from(accessKeys)
    .innerJoin(accounts, eq(accounts.id, accessKeys.accountId))
    .innerJoin(projects, and(eq(projects.accountId, accounts.id), eq(projects.isFirst, true)))
    .where(and(eq(accounts.id, firstAccountId), eq(accessKeys.active, true)));
  if (!row) return undefined;
  const user = await firstUser(core);
  return {
    ...row,
    accessKeySecret: core.cipher.decrypt(row.accessKeySecret),
    user: user && { name: user.name, hasPassword: (password) => isPassword(password, user.passwordHash) },
  };
}

/**
 * Makes the first account, or gives it the credentials where they have changed. Its other keys stop working, and with
 * another password its user's tokens.
 * @throws {Error} where the project's id or name is that of another project
 */
export async function ensureFirstAccount(core: Core, credentials: Credentials): Promise<void> {
  await core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    await ensureAccount(inside, credentials);
    await ensureAccessKey(inside, credentials);
    await ensureFirstProject(inside, credentials);
    await ensureFirstUser(inside, credentials);
  });
}

async function ensureAccount({ db }: Core, { domainName }: Credentials): Promise<void> {
  await db
    .insert(accounts)
    .values({
      id: firstAccountId,
      alibabaUid: newAlibabaUid(),
      huaweiDomainId: newIdentityId(),
      huaweiDomainName: domainName,
    })
    // Writing the row also locks it: replicas that start at the same moment take their turns.
    .onConflictDoUpdate({ target: accounts.id, set: { huaweiDomainName: domainName } });
}

async function ensureAccessKey({ db, cipher }: Core, { accessKeyId, accessKeySecret }: Credentials): Promise<void> {
  const secret = cipher.encrypt(accessKeySecret);
  await db.update(accessKeys).set({ active: false }).where(eq(accessKeys.accountId, firstAccountId));
  await db
    .insert(accessKeys)
    .values({ id: accessKeyId, accountId: firstAccountId, secret })
    .onConflictDoUpdate({ target: accessKeys.id, set: { secret, active: true } });
}

/** What is in the project stays in it when it gets another id or name. */
async function ensureFirstProject({ db }: Core, { projectId, region }: Credentials): Promise<void> {
  const wanted = { id: projectId, name: region };
  const [other] = await db
    .select({ id: projects.id, name: projects.name })
    .from(projects)
    .where(
      and(
        eq(projects.accountId, firstAccountId),
        ne(projects.isFirst, true),
        or(eq(projects.id, wanted.id), eq(projects.name, wanted.name)),
      ),
    );
  if (other)
    throw new Error(
      `The account has the project ${other.name} (${other.id}) beside its first one, which was to be ${wanted.name} (${wanted.id}). ` +
        "Set SAMPAN_REGION and SAMPAN_PROJECT_ID to a name and an id that no other project has.",
    );
  const updated = await db
    .update(projects)
    .set(wanted)
    .where(and(eq(projects.accountId, firstAccountId), eq(projects.isFirst, true)))
    .returning({ id: projects.id });
  if (updated.length === 0) await db.insert(projects).values({ ...wanted, accountId: firstAccountId, isFirst: true });
}

async function ensureFirstUser(core: Core, { userName, userPassword }: Credentials): Promise<void> {
  const user = await firstUser(core);
  if (!user) {
    if (userPassword === undefined)
      throw new Error("The account has no user yet and no password for one; set SAMPAN_USER_PASSWORD.");
    const passwordHash = await hashPassword(userPassword);
    await core.db
      .insert(users)
      .values({ id: newIdentityId(), accountId: firstAccountId, name: userName, passwordHash });
    return;
  }
  if (user.name !== userName) await core.db.update(users).set({ name: userName }).where(eq(users.id, user.id));
  if (userPassword === undefined || (await isPassword(userPassword, user.passwordHash))) return;
  const passwordHash = await hashPassword(userPassword);
  await core.db.update(users).set({ passwordHash }).where(eq(users.id, user.id));
  await endTokens(core, user.id);
}

async function firstUser({ db }: Core) {
  const [user] = await db
    .select()
    .from(users)
    .where(eq(users.accountId, firstAccountId))
    .orderBy(asc(users.createdAt), asc(users.id))
    .limit(1);
  return user;
}

/** Sixteen digits, as Alibaba Cloud's user ids have. */
const newAlibabaUid = () => `1${String(randomInt(0, 1e12)).padStart(12, "0")}${randomInt(100, 1000)}`;
