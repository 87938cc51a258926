import type { FastifyRequest } from "fastify";
import { type AddressSettings, addressOf } from "../huawei/address.ts";

/** Filters of a list; a member that an entry does not have filters nothing. */
export type Filters = Readonly<Record<string, unknown>>;

/** The links of a list that has one page. */
export const linksOf = (request: FastifyRequest, settings: AddressSettings) => ({
  self: `${addressOf(request, settings)}${request.originalUrl}`,
  previous: null,
  next: null,
});

/** The entries whose members are as the filters of the same names have them; an empty filter filters nothing. */
export const matching = <Entry extends object>(entries: Entry[], filters: Filters): Entry[] =>
  entries.filter((entry) =>
    Object.entries(entry).every(([name, value]) => {
      const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
      return filter === undefined || filter === "" || String(filter) === String(value);
    }),
  );
