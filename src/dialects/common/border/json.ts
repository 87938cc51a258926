import { findJsonProblem, lineAndColumn } from "./json-problem.ts";
import { invalidRequest, type RequestProblem } from "./request-problem.ts";

/** How deep objects and arrays may be nested; the documented requests need six levels. */
const maximumDepth = 64;

/**
 * How many names and values there may be in all. A hundred node pools with everything said of each have less; a megabyte has
 * room for half a million, which the checks of a body would hold everybody up for.
 */
const maximumValues = 20_000;

/**
 * Parses JSON; of members with equal names the last counts.
 * @param place what the text is, as the beginning of a sentence, e.g. `The request body`
 * @throws {RequestProblem}, with line and column where it is not JSON
 */
export function parseJson(text: string, place: string): unknown {
  const problem = findJsonProblem(text, maximumDepth, maximumValues);
  if (problem !== undefined) throw invalidJson(place, text, problem.offset, problem.reason);
  return JSON.parse(text);
}

/** What is wrong with a text that is not JSON. @param reason a clause */
export function invalidJson(place: string, text: string, offset: number, reason: string): RequestProblem {
  const { line, column } = lineAndColumn(text, offset);
  return invalidRequest(`${place} is not valid JSON: line ${line}, column ${column}: ${reason}.`);
}
