import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, lt } from "drizzle-orm";
import { accounts, projects, tokens, users } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { type Domain, domainColumns } from "./domains.ts";
import type { User } from "./users.ts";

/** How long a token is good for, in milliseconds: 24 hours, as the vendor's. */
export const tokenLife = 24 * 60 * 60 * 1000;

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
}

/**
 * Issues a token.
 * @returns the token, which is kept nowhere
 */
export async function issueToken(core: Core, { userId, projectId, notAfter }: TokenWish, now: Date): Promise<string> {
  const token = randomBytes(tokenBytes).toString("base64url");
  const end = now.getTime() + tokenLife;
  const expiresAt = new Date(Math.min(end, notAfter?.getTime() ?? end));
  await core.db.insert(tokens).values({ hash: hashOf(token), userId, projectId, issuedAt: now, expiresAt });
  return token;
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
