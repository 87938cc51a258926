import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, lt } from "drizzle-orm";
import { accounts, projects, tokens, users } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";
import { type Domain, domainColumns } from "./domains.ts";
import type { User } from "./users.ts";

/** How long a token is good for, in milliseconds: 24 hours, as the vendor's. */
const tokenLife = 24 * 60 * 60 * 1000;

/** Random bytes of a token; 64 characters are written from them. */
const tokenBytes = 48;

/** What a token that is good says about who sent it. */
export interface TokenOwner {
  user: User;
  domain: Domain;
  /** Undefined where the token is good for the account as a whole. */
  project: { id: string; name: string } | undefined;
  issuedAt: Date;
  expiresAt: Date;
}

/** What a token is asked for with. */
export interface TokenWish {
  userId: string;
  /** Null for the account as a whole. */
  projectId: string | null;
  /** When it ends at the latest: one that is got with another token must not outlive that. */
  notAfter?: Date | undefined;
  /** What the user has proved itself with; nothing where the service itself asks. */
  proof?: TokenProof | undefined;
}

/** What a user has proved itself with: a password, of which this is the hash, or another token. */
export type TokenProof = { passwordHash: string } | { token: string };

/**
 * Issues a token. It is good for nothing where the proof is none any more: the password was changed meanwhile, or the
 * other token ended.
 * @returns the token, which is kept nowhere
 */
export async function issueToken(core: Core, wish: TokenWish, now: Date): Promise<string> {
  const { userId, projectId, notAfter } = wish;
  const token = randomBytes(tokenBytes).toString("base64url");
  const end = now.getTime() + tokenLife;
  const expiresAt = new Date(Math.min(end, notAfter?.getTime() ?? end));
  await core.db.transaction(async (tx) => {
    if (await isStillProved(within(core, tx), wish))
      await tx.insert(tokens).values({ hash: hashOf(token), userId, projectId, issuedAt: now, expiresAt });
  });
  return token;
}

/**
 * Whether a proof is one still. A change of the user's password, which ends its tokens, waits from here on until the end
 * of the transaction, so that it ends the new one, too.
 */
async function isStillProved({ db }: Core, { userId, proof }: TokenWish): Promise<boolean> {
  const [user] = await db
    .select({ passwordHash: users.passwordHash })
    .from(users)
    .where(eq(users.id, userId))
    .for("share");
  if (!user || !proof) return user !== undefined;
  if ("passwordHash" in proof) return proof.passwordHash === user.passwordHash;
  const isOwn = and(eq(tokens.hash, hashOf(proof.token)), eq(tokens.userId, userId));
  return (await db.select({ hash: tokens.hash }).from(tokens).where(isOwn)).length === 1;
}

/** Whose token it is; undefined for one that was never issued, has expired, or was ended. */
export async function verifyToken(core: Core, token: string, now: Date): Promise<TokenOwner | undefined> {
  const [row] = await core.db
    .select({
      user: { id: users.id, accountId: users.accountId, name: users.name },
      domain: domainColumns,
      project: { id: projects.id, name: projects.name },
      issuedAt: tokens.issuedAt,
      expiresAt: tokens.expiresAt,
    })
    .from(tokens)
    .innerJoin(users, eq(users.id, tokens.userId))
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .leftJoin(projects, eq(projects.id, tokens.projectId))
    .where(and(eq(tokens.hash, hashOf(token)), gt(tokens.expiresAt, now)));
  return row && { ...row, project: row.project ?? undefined };
}

/** Ends every token of a user. */
export async function endTokens(core: Core, userId: string): Promise<void> {
  await core.db.delete(tokens).where(eq(tokens.userId, userId));
}

/** Forgets tokens that have expired. */
export async function forgetExpiredTokens(core: Core, now: Date): Promise<void> {
  await core.db.delete(tokens).where(lt(tokens.expiresAt, now));
}

/** A token has so many random bits that a fast hash without salt is enough: there is nothing to guess. */
const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");
