/** An object as JSON has them. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether a value is an object with members, and no list. */
export const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
