import { findJsonProblem, type JsonLimits, lineAndColumn } from "./json-problem.ts";
import { invalidRequest, type RequestProblem } from "./request-problem.ts";

/** What the checks of a text must not hold everybody up for. */
const limits: JsonLimits = {
  // The documented requests need six levels.
  depth: 64,
  // A hundred node pools with everything said of each have less.
  values: 20_000,
  // As many as a form has fields; maps of the user's have a hundred.
  names: 1000,
};

/**
 * Parses JSON; of members with equal names the last counts.
 * @param place what the text is, as the beginning of a sentence, e.g. `The request body`
 * @throws {RequestProblem}, with line and column where it is not JSON
 */
export function parseJson(text: string, place: string): unknown {
  const problem = findJsonProblem(text, limits);
  if (problem !== undefined) throw invalidJson(place, text, problem.offset, problem.reason);
  return JSON.parse(text);
}

/** What is wrong with a text that is not JSON. @param reason a clause */
export function invalidJson(place: string, text: string, offset: number, reason: string): RequestProblem {
  const { line, column } = lineAndColumn(text, offset);
  return invalidRequest(`${place} is not valid JSON: line ${line}, column ${column}: ${reason}.`);
}
