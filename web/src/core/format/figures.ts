import { NARROW, TAG, type Where } from "./where";

const UNITS = {
  fr: ["octet", "ko", "Mo", "Go", "To"],
  en: ["byte", "kB", "MB", "GB", "TB"],
} as const;
const STEP = 1000;

type Speaks = Pick<Where, "language">;

/** « 1 850 », « 2,91 »; 1,850. At most two decimals. */
export function number(value: number, { language }: Speaks): string {
  return new Intl.NumberFormat(TAG[language], { maximumFractionDigits: 2 }).format(value);
}

/** A share between 0 and 1, as whole per cents: « 45 % »; 45%. Never 100 before it is whole. */
export function percent(share: number, { language }: Speaks): string {
  const whole = share >= 1 ? 100 : Math.min(99, Math.max(0, Math.round(share * 100)));
  return language === "fr" ? `${whole}${NARROW}%` : `${whole}%`;
}

/** A size in bytes, decimal units, two figures that count: « 84 ko », « 2,4 Mo », « 1 octet ». */
export function size(bytes: number, { language }: Speaks): string {
  const units = UNITS[language];
  let value = Math.max(0, bytes);
  let step = 0;
  // 999,5 ko would round to « 1 000 ko »: go up as soon as it would.
  while (step < units.length - 1 && Math.round(value) >= STEP) {
    value /= STEP;
    step += 1;
  }
  const digits = step > 0 && value < 9.95 ? 1 : 0;
  const figure = new Intl.NumberFormat(TAG[language], { maximumFractionDigits: digits }).format(value);
  let unit: string = units[step] ?? "";
  if (step === 0) {
    const form = new Intl.PluralRules(TAG[language]).select(Math.round(value));
    if (form !== "one") unit += "s";
  }
  return `${figure}${NARROW}${unit}`;
}

/** A count on a badge: the figure up to 99, then « 99+ ». */
export function badge(count: number): string {
  return count > 99 ? "99+" : String(count);
}
