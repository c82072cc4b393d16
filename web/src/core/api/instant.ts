/**
 * Which of two of the server's moments is earlier: negative, zero or positive. They are to the microsecond, which
 * `Date` would cut off, and leave out a fraction that is zero.
 */
export function compareInstants(one: string, other: string): number {
  const [first, second] = [padded(one), padded(other)];
  if (first === second) return 0;
  return first < second ? -1 : 1;
}

const SECONDS = "2026-03-10T08:30:00".length;

const padded = (moment: string): string =>
  moment.slice(0, SECONDS) +
  moment
    .slice(SECONDS)
    .replace(/[^0-9]/gu, "")
    .padEnd(6, "0");
