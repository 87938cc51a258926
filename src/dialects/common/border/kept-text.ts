import { invalidRequest } from "./request-problem.ts";

/**
 * Refuses a text that PostgreSQL does not keep: one with the character U+0000, or with half of a surrogate pair.
 * @param place what the text is, as the beginning of a sentence, e.g. `The parameter name`
 * @throws {RequestProblem}
 */
export function requireKeptText(text: string, place: string): void {
  if (!text.includes("\0") && text.isWellFormed()) return;
  throw invalidRequest(`${place} has the character U+0000 or half of a surrogate pair; remove it.`);
}
