import type { TokenOwner } from "../../../core/accounts/tokens.ts";
import { type CataloguePlace, toCatalogue } from "../catalogue/to-wire.ts";

/** What the body of a token says beside whose it is. */
export interface TokenAnswerOptions extends CataloguePlace {
  /** How the user said who it is. */
  method: string;
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
      catalog: options.withoutCatalog ? [] : toCatalogue(options),
      ...(project ? { project: { ...project, domain } } : { domain }),
      roles: [{ id: "0", name: "te_admin" }],
      user: { id: user.id, name: user.name, domain, password_expires_at: "" },
    },
  };
}

/** RFC 3339 with microseconds, as IAM writes times. */
const toIamTime = (date: Date): string => date.toISOString().replace("Z", "000Z");
