/** The last day of a term of so many years that begins on a day: the eve of its anniversary. Days are « 2026-11-23 ». */
export function inYears(day: string, years: number): string {
  const end = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(end.getTime())) return day;
  end.setUTCFullYear(end.getUTCFullYear() + years);
  end.setUTCDate(end.getUTCDate() - 1);
  return end.toISOString().slice(0, 10);
}
