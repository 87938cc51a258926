import { createHash } from "node:crypto";
import { and, eq, lt } from "drizzle-orm";
import { clientTokens } from "../../storage/schema.ts";
import { type Core, within } from "../core.ts";

/** How long a client's token stands for its request, in milliseconds: 24 hours. */
export const clientTokenLife = 24 * 60 * 60 * 1000;

/** A request that its client gave a name, so that it can be sent again without being done again. */
export interface NamedRequest {
  accountId: string;
  /** What is asked for, e.g. `ack.CreateCluster`: one token may be used for different operations. */
  operation: string;
  /** The client's name for the request. */
  token: string;
  /** All that is asked for, as JSON has it. The order of members does not count. */
  content: unknown;
}

/** A client's token that stands for another request already. */
export class ClientTokenReusedError extends Error {
  override readonly name = "ClientTokenReusedError";
}

/**
 * Does once what a client asks for under a token of its own; asked again within 24 hours, it gives the first answer. Of two
 * at the same moment, one waits for the other. What fails leaves the token free.
 * @param act does it, within the transaction of the core that it is given; its result must be JSON
 * @throws {ClientTokenReusedError} where the token stands for a request with another content
 */
export async function onceByToken<T extends object>(
  core: Core,
  request: NamedRequest,
  act: (inside: Core) => Promise<T>,
  now: Date = new Date(),
): Promise<T> {
  return core.db.transaction(async (tx) => {
    const inside = within(core, tx);
    const key = keyOf(request);
    await tx.delete(clientTokens).where(and(key, lt(clientTokens.expiresAt, now)));
    if (!(await takeToken(inside, request, now))) return firstAnswer<T>(inside, request);
    const answer = await act(inside);
    await tx.update(clientTokens).set({ answer }).where(key);
    return answer;
  });
}

/** Waits for another transaction that has the token under way. @returns false where the token is taken */
async function takeToken({ db, cipher }: Core, request: NamedRequest, now: Date): Promise<boolean> {
  const { accountId, operation, token, content } = request;
  const expiresAt = new Date(now.getTime() + clientTokenLife);
  const taken = await db
    .insert(clientTokens)
    // Encrypted, since a password in the content could be found out by trying.
    .values({ accountId, operation, token, digest: cipher.encrypt(digestOf(content)), expiresAt })
    .onConflictDoNothing()
    .returning({ token: clientTokens.token });
  return taken.length === 1;
}

async function firstAnswer<T>({ db, cipher }: Core, request: NamedRequest): Promise<T> {
  const [row] = await db.select().from(clientTokens).where(keyOf(request));
  if (row === undefined) throw new Error(`The client token of ${request.operation} is gone within its transaction.`);
  if (cipher.decrypt(row.digest) !== digestOf(request.content))
    throw new ClientTokenReusedError("The client token stands for another request already.");
  return row.answer as T;
}

/** Forgets tokens that stand for nothing any more. */
export async function forgetExpiredClientTokens(core: Core, now: Date): Promise<void> {
  await core.db.delete(clientTokens).where(lt(clientTokens.expiresAt, now));
}

const keyOf = ({ accountId, operation, token }: NamedRequest) =>
  and(eq(clientTokens.accountId, accountId), eq(clientTokens.operation, operation), eq(clientTokens.token, token));

const digestOf = (content: unknown): string =>
  createHash("sha256")
    .update(JSON.stringify(content, inOrder) ?? "")
    .digest("hex");

/** Members by name: clients write the same request in any order. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
