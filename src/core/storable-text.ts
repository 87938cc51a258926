/** The most characters of a message that are kept: a component's last words can be long. */
const longest = 16_384;

/**
 * A message as the database takes it: PostgreSQL has no character 0 and no half of a surrogate pair, both of which the
 * log of a program that died can hold.
 */
export const storableText = (text: string): string => text.slice(0, longest).toWellFormed().replaceAll("\0", "\ufffd");
