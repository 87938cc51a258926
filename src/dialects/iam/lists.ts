import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { type AddressSettings, addressOf } from "../huawei/address.ts";

/** The query of a list. Whatever else its entries have filters as well; a member that an entry does not have does not. */
export const filtersQuery = Type.Object({
  name: Type.Optional(Type.String({ description: "Only what has this name." })),
});

/** The links of a list that has one page. */
export const linksOf = (request: FastifyRequest, settings: AddressSettings) => ({
  self: `${addressOf(request, settings)}${request.originalUrl}`,
  previous: null,
  next: null,
});

/** The entries whose members are as the filters of the same names have them; an empty filter filters nothing. */
export const matching = <Entry extends object>(entries: Entry[], filters: Readonly<Record<string, unknown>>): Entry[] =>
  entries.filter((entry) =>
    Object.entries(entry).every(([name, value]) => {
      const filter = Object.hasOwn(filters, name) ? filters[name] : undefined;
      return filter === undefined || filter === "" || String(filter) === String(value);
    }),
  );
