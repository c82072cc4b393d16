import { type Instant, NARROW, NO_BREAK, TAG, type Where } from "./where";

const WORDS = {
  fr: { today: "aujourd’hui", yesterday: "hier", tomorrow: "demain", at: " à ", now: "maintenant" },
  en: { today: "today", yesterday: "yesterday", tomorrow: "tomorrow", at: " at ", now: "now" },
} as const;

const MINUTE = 60_000;
const DAY = 86_400_000;
const WEEK = 7;

const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(where: Where, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${where.language} ${where.timeZone} ${name}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(TAG[where.language], { timeZone: where.timeZone, ...options });
    cache.set(key, found);
  }
  return found;
}

type Civil = { year: number; month: number; day: number; hour: number; minute: number };

/** The date and time on a wall clock in that time zone. */
function civil(at: Instant, where: Where): Civil {
  const parts = formatter(where, "civil", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  }).formatToParts(at);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value ?? Number.NaN);
  return {
    year: read("year"),
    month: read("month"),
    day: read("day"),
    hour: read("hour"),
    minute: read("minute"),
  };
}

/** Days since 1970 of the civil date there. Two instants of one day give one number, whatever the clocks do. */
export function dayNumber(at: Instant, where: Where): number {
  const { year, month, day } = civil(at, where);
  return Date.UTC(year, month - 1, day) / DAY;
}

export function sameDay(one: Instant, other: Instant, where: Where): boolean {
  return dayNumber(one, where) === dayNumber(other, where);
}

/** « 14 h 32 », « 9 h 02 »; 14:32, 09:02. */
export function clock(at: Instant, where: Where): string {
  const { hour, minute } = civil(at, where);
  const minutes = String(minute).padStart(2, "0");
  return where.language === "fr"
    ? `${hour}${NARROW}h${NARROW}${minutes}`
    : `${String(hour).padStart(2, "0")}:${minutes}`;
}

function date(at: Instant, where: Where, options: { weekday?: boolean; year?: boolean }): string {
  const { day } = civil(at, where);
  const month = formatter(where, "month", { month: "long" }).format(at);
  const number = where.language === "fr" && day === 1 ? "1er" : String(day);
  const words = [number, month];
  if (options.year) words.push(String(civil(at, where).year));
  const dated = words.join(NO_BREAK);
  return options.weekday ? `${weekday(at, where)} ${dated}` : dated;
}

/** « 23 novembre 2026 »; 23 November 2026. */
export function fullDate(at: Instant, where: Where): string {
  return date(at, where, { year: true });
}

/** « lundi »; Monday. */
export function weekday(at: Instant, where: Where): string {
  return formatter(where, "weekday", { weekday: "long" }).format(at);
}

function relativeDay(at: Instant, now: Instant, where: Where): string | null {
  const words = WORDS[where.language];
  const away = dayNumber(at, where) - dayNumber(now, where);
  if (away === 0) return words.today;
  if (away === -1) return words.yesterday;
  if (away === 1) return words.tomorrow;
  return null;
}

function otherYear(at: Instant, now: Instant, where: Where): boolean {
  return civil(at, where).year !== civil(now, where).year;
}

/** A day, for separators: « aujourd’hui », « hier », « lundi 3 mars », with the year when it is not this one. */
export function day(at: Instant, now: Instant, where: Where): string {
  return relativeDay(at, now, where) ?? date(at, where, { weekday: true, year: otherYear(at, now, where) });
}

/** A date by itself, never relative: « mardi 10 mars ». */
export function longDay(at: Instant, where: Where): string {
  return date(at, where, { weekday: true });
}

/** The shortest that is clear, for lists: « 14 h 32 », « hier », « lundi », « 3 mars », « 3 mars 2025 ». */
export function shortTime(at: Instant, now: Instant, where: Where): string {
  const away = dayNumber(at, where) - dayNumber(now, where);
  if (away === 0) return clock(at, where);
  if (away === -1) return WORDS[where.language].yesterday;
  if (away < 0 && away > -WEEK) return weekday(at, where);
  return date(at, where, { year: otherYear(at, now, where) });
}

/** « aujourd’hui à 14 h 32 », « hier à 9 h 02 », « lundi 3 mars à 9 h 02 ». */
export function dayAndTime(at: Instant, now: Instant, where: Where): string {
  return `${day(at, now, where)}${WORDS[where.language].at}${clock(at, where)}`;
}

/** The whole date and time, for tooltips: « mardi 10 mars 2026 à 9 h 02 ». */
export function fullTime(at: Instant, where: Where): string {
  const dated = date(at, where, { weekday: true, year: true });
  return `${dated}${WORDS[where.language].at}${clock(at, where)}`;
}

/** How long something lasts, to the minute: « 12 min », « 1 h », « 1 h 05 »; 12 min, 1 h 05. Under a minute: « 45 s ». */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds}${NARROW}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${NARROW}min`;
  const rest = minutes % 60;
  const hours = `${Math.floor(minutes / 60)}${NARROW}h`;
  return rest === 0 ? hours : `${hours}${NARROW}${String(rest).padStart(2, "0")}`;
}

/** The time away from now, in words: « dans 12 minutes », « il y a 2 heures », « maintenant » within the minute. */
export function away(at: Instant, now: Instant, where: Where): string {
  const minutes = Math.round((Number(at) - Number(now)) / MINUTE);
  if (minutes === 0) return WORDS[where.language].now;
  const relative = new Intl.RelativeTimeFormat(TAG[where.language], { numeric: "always" });
  const hours = Math.trunc(minutes / 60);
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute").replace(/ (?=\p{L}+$)/u, NO_BREAK);
  if (Math.abs(hours) < 24) return relative.format(hours, "hour");
  return relative.format(Math.trunc(hours / 24), "day");
}
