import { and, asc, eq } from "drizzle-orm";
import { accounts, users } from "../../storage/schema.ts";
import type { Core } from "../core.ts";
import { type Domain, domainColumns } from "./domains.ts";
import { hashOfNobody, isPasswordUnlessBusy } from "./passwords.ts";

/** Somebody who can log in to an account. */
export interface User {
  /** 32 lower-case hexadecimal digits. */
  id: string;
  accountId: string;
  name: string;
}

/** A user who has given the password. */
export interface VerifiedUser extends User {
  /** The hash that the password was found to be of: a later password has another one. */
  passwordHash: string;
}

/** How a user says who it is: by its id, or by its name and its account. Every member that is given has to be right. */
export type UserReference =
  | { id: string; name?: string | undefined; domain?: Partial<Domain> | undefined }
  | { id?: undefined; name: string; domain: Partial<Domain> };

const columns = { id: users.id, accountId: users.accountId, name: users.name };

/**
 * The user, where the password is its own. Takes as long for a user or an account that does not exist.
 * @returns undefined for a wrong password, an unknown user and an unknown account alike
 * @throws {TooBusyError} where too many passwords are being checked
 */
export async function verifyPassword(
  core: Core,
  who: UserReference,
  password: string,
): Promise<VerifiedUser | undefined> {
  const [row] = await core.db
    .select({ ...columns, passwordHash: users.passwordHash })
    .from(users)
    .innerJoin(accounts, eq(accounts.id, users.accountId))
    .where(
      and(
        who.id === undefined ? undefined : eq(users.id, who.id),
        who.name === undefined ? undefined : eq(users.name, who.name),
        who.domain?.id === undefined ? undefined : eq(domainColumns.id, who.domain.id),
        who.domain?.name === undefined ? undefined : eq(domainColumns.name, who.domain.name),
      ),
    );
  const matches = await isPasswordUnlessBusy(password, row?.passwordHash ?? hashOfNobody);
  return row && matches ? row : undefined;
}

/** The account's users, its first one first. */
export async function listUsers(core: Core, accountId: string): Promise<User[]> {
  return core.db
    .select(columns)
    .from(users)
    .where(eq(users.accountId, accountId))
    .orderBy(asc(users.createdAt), asc(users.id));
}
