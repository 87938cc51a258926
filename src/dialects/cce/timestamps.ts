/** Digits of the fraction of a second that a Date has. */
const millisecondDigits = 3;
const form = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{1,9})? \+0000 UTC$/;

/**
 * A moment as CCE writes it, which is how Go prints a time: `2018-08-02 03:48:58.968 +0000 UTC`. Zeros at the end of the
 * fraction are dropped, and so is a fraction that is nothing else.
 */
export function toTimestamp(moment: Date): string {
  const [day = "", time = ""] = moment.toISOString().slice(0, -1).split("T");
  return `${day} ${time.replace(/\.?0*$/, "")} +0000 UTC`;
}

/** The moment that CCE writes so, to the millisecond; undefined for any other text. For whoever reads answers. */
export function parseTimestamp(text: string): Date | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, day, time, fraction = "."] = match;
  const milliseconds = fraction.slice(1).padEnd(millisecondDigits, "0").slice(0, millisecondDigits);
  const moment = new Date(`${day}T${time}.${milliseconds}Z`);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
