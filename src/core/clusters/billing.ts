/**
 * The same moment that many months later, in UTC; a day that the month does not have is its last.
 * @param months whole number
 */
export function addMonths(from: Date, months: number): Date {
  const later = new Date(from);
  later.setUTCMonth(from.getUTCMonth() + months);
  // 31 January and a month would be 3 March.
  if (later.getUTCDate() !== from.getUTCDate()) later.setUTCDate(0);
  return later;
}
