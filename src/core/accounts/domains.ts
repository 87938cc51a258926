import { eq } from "drizzle-orm";
import { accounts } from "../../storage/schema.ts";
import type { Core } from "../core.ts";

/** An account as Huawei Cloud calls it. */
export interface Domain {
  /** 32 hexadecimal digits. */
  id: string;
  name: string;
}

/** The columns of an account that make its domain. */
export const domainColumns = { id: accounts.huaweiDomainId, name: accounts.huaweiDomainName };

/** The domain that an account is. */
export async function findDomain(core: Core, accountId: string): Promise<Domain> {
  const [row] = await core.db.select(domainColumns).from(accounts).where(eq(accounts.id, accountId));
  if (!row) throw new Error(`There is no account ${accountId}.`);
  return row;
}
