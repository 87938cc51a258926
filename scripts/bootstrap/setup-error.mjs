/** Something on the user's machine keeps Sampan from setting itself up. The message says what, and the way out. */
export class SetupError extends Error {
  name = "SetupError";
}
