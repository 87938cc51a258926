/** One row of a dialect's table of errors: the HTTP status, and the message with `{placeholders}`. */
export interface ErrorRow {
  status: number;
  message: string;
}

/** A dialect's errors by their codes. Clients key on the codes: they are never renamed. */
export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** The names in braces of a message template. */
type Placeholders<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The values that the message of a code needs. */
export type ErrorValues<Table extends ErrorTable, Code extends keyof Table> = Record<
  Placeholders<Table[Code]["message"]>,
  string | number
>;

/** An error that a client gets to see, whatever its dialect. The message is for the user and must hold no secret. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  /** HTTP status. */
  readonly status: number;
  /** More members for the body. They can't replace the standard ones. */
  readonly extra: Readonly<Record<string, unknown>>;

  /** Use a dialect's own function for codes of its table. `code` must not be empty: clients read an empty one as "none". */
  constructor(code: string, status: number, message: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(message);
    if (code === "") throw new TypeError("An ApiError needs a code.");
    this.code = code;
    this.status = status;
    this.extra = extra;
  }
}

/** The function that makes the errors of a table: a code's error, its message filled with values. */
export const errorsOf =
  <const Table extends ErrorTable>(table: Table) =>
  <Code extends keyof Table & string>(
    code: Code,
    values: ErrorValues<Table, Code>,
    extra?: Readonly<Record<string, unknown>>,
  ): ApiError => {
    const { status, message } = table[code] as ErrorRow;
    const filled: Record<string, string | number> = values;
    const text = message.replace(/\{(\w+)\}/g, (_, name: string) => String(filled[name]));
    return new ApiError(code, status, text, extra);
  };
