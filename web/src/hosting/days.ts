// Days are « 2026-11-23 ». Months are counted as the server counts them (core/policy/holding.py, `months_after`): one rule.

/** The same day so many months later, or the last day of that month. */
export function monthsAfter(day: string, months: number): string {
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime())) return day;
  const end = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(start.getUTCDate(), last));
  return written(end, day);
}

/** The last day of a term of so many years that begins on a day: the eve of its anniversary. */
export const inYears = (day: string, years: number): string => daysAfter(monthsAfter(day, 12 * years), -1);

/** So many days later, or earlier. */
export function daysAfter(day: string, days: number): string {
  const end = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(end.getTime())) return day;
  end.setUTCDate(end.getUTCDate() + days);
  return written(end, day);
}

/** A day in four digits; what is past them is left as it was. */
function written(date: Date, otherwise: string): string {
  const text = Number.isNaN(date.getTime()) ? "" : date.toISOString();
  return /^\d{4}-/u.test(text) ? text.slice(0, 10) : otherwise;
}
