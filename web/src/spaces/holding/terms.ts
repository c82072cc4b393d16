import type { Label, LabelHolding } from "#/core/api/schema";

const DAY_MS = 86_400_000;
/** How many days before an end it is told, each time anew: the last ones more firmly. */
export const THRESHOLDS = [7, 30, 90] as const;
export type Threshold = (typeof THRESHOLDS)[number];

/** What a label may still be, for so many days: 0 on the last one. */
export type Ending = {
  readonly label: Label;
  readonly holding: LabelHolding;
  readonly until: string;
  readonly days: number;
  readonly threshold: Threshold;
};

/** How many days there are from one calendar day to another (« 2026-11-23 »). */
export function daysBetween(one: string, other: string): number {
  return Math.round((Date.parse(`${other}T12:00:00Z`) - Date.parse(`${one}T12:00:00Z`)) / DAY_MS);
}

/** What is about to be less open, if it is to be told already; null while it is far, or nothing is lost by it. */
export function endingOf(holding: LabelHolding | null, today: string): Ending | null {
  if (holding?.state !== "open" || holding.until === null || holding.then_state === null) return null;
  const days = daysBetween(today, holding.until);
  const threshold = THRESHOLDS.find((most) => days <= most);
  if (days < 0 || threshold === undefined) return null;
  return { label: holding.label, holding, until: holding.until, days, threshold };
}

/** What names a reminder: put away, it comes back at the next threshold, or when the end is another one. */
export const nameOf = ({ label, until, threshold }: Ending): string => `${label}.${until}.${threshold}`;
