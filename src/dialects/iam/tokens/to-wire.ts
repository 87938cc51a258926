import { createHash } from "node:crypto";
import type { TokenOwner } from "../../../core/accounts/tokens.ts";

/** A service in the catalogue: its path at the address of this one. */
const services = [
  { type: "cce", path: "" },
  { type: "iam", path: "/v3" },
] as const;

/** What the body of a token says beside whose it is. */
export interface TokenAnswerOptions {
  /** How the user said who it is. */
  method: string;
  /** The address that the request came to, where every service of the catalogue is. */
  address: string;
  region: string;
  /** Whether the catalogue is left out. */
  withoutCatalog: boolean;
}

/** The body that describes a token, as Keystone has it. It does not hold the token. */
export function tokenAnswer(owner: TokenOwner, options: TokenAnswerOptions) {
  const { user, domain, project, issuedAt, expiresAt } = owner;
  return {
    token: {
      methods: [options.method],
      issued_at: toIamTime(issuedAt),
      expires_at: toIamTime(expiresAt),
      catalog: options.withoutCatalog ? [] : catalog(options),
      ...(project ? { project: { ...project, domain } } : { domain }),
      roles: [{ id: "0", name: "te_admin" }],
      user: { id: user.id, name: user.name, domain, password_expires_at: "" },
    },
  };
}

/** RFC 3339 with microseconds, as IAM writes times. */
const toIamTime = (date: Date): string => date.toISOString().replace("Z", "000Z");

const catalog = ({ address, region }: TokenAnswerOptions) =>
  services.map(({ type, path }) => {
    const url = `${address}${path}`;
    const endpoint = { id: idOf(type, region), interface: "public", region, region_id: region, url };
    return { id: idOf(type), name: type, type, endpoints: [endpoint] };
  });

/** An id as the vendor's are, 32 hexadecimal digits, the same whenever it is asked for. */
const idOf = (...names: string[]): string => createHash("sha256").update(names.join("/")).digest("hex").slice(0, 32);
