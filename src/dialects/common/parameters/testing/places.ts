/** A body of a request as it is sent. */
export type Body = Record<string, unknown>;

/** Names of members may have dots themselves, where a slash follows: `alpha.cce/fixPoolMask`. */
const separator = /\.(?!\w+\/)|(?=\[)/;

/**
 * Puts a value at a place of a body, into the first entry of each list on the way.
 * @param path as the table of parameters has it, e.g. `tags[].key`
 */
export function put(body: Body, path: string, value: unknown): Body {
  const names = path.split(separator);
  const last = names.pop() ?? "";
  const holder = names.reduce((outer, name, index) => {
    const key = name === "[]" ? "0" : name;
    outer[key] ??= names[index + 1] === "[]" ? [] : {};
    return outer[key] as Body;
  }, body);
  holder[last] = value;
  return body;
}

const isWithin = (place: string, outer: string): boolean =>
  place === outer || place.startsWith(`${outer}.`) || place.startsWith(`${outer}[`);

/** A message names the parameter, or what it is a part of. */
export const isAbout = (name: string, place: string): boolean => isWithin(name, place) || isWithin(place, name);

/** Steps to a member of a body. */
export type Place = readonly (string | number)[];

/** Every place of a body, its members' members included. */
export function placesOf(value: unknown, place: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [place];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    placesOf(member, [...place, Array.isArray(value) ? Number(name) : name]),
  );
  return place.length > 0 ? [place, ...inner] : inner;
}

/** In place of a value: the member is removed. */
export const remove = Symbol("remove");

/** A body in which a place has another value, or nothing. */
export function changed(body: Body, place: Place, value: unknown): Body {
  const copy = structuredClone(body);
  const last = place.at(-1) ?? "";
  const holder = place.slice(0, -1).reduce<Body>((outer, step) => outer[step] as Body, copy);
  if (value === remove) delete holder[last];
  else holder[last] = value;
  return copy;
}

/** A place as messages name it: `nodepools[0].count`. */
export const written = (place: Place): string =>
  place
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .slice(1);
