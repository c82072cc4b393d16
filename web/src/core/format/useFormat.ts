import { useMemo, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import * as figures from "./figures";
import * as people from "./names";
import * as time from "./time";
import { type Instant, LANGUAGES, type Where } from "./where";

const MINUTE = 60_000;

/** The minute we are in; everyone who asks learns of the next one together, from one timer. */
let minute = Math.floor(Date.now() / MINUTE);
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function tick(): void {
  minute = Math.floor(Date.now() / MINUTE);
  for (const listener of listeners) listener();
  timer = setTimeout(tick, MINUTE - (Date.now() % MINUTE) + 20);
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) tick();
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearTimeout(timer);
  };
}

/** Now, to the minute: what shows « hier » or « dans 12 minutes » stays true by itself. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, () => minute) * MINUTE;
}

export type Format = ReturnType<typeof bind>;

function bind(where: Where, now: () => number) {
  return {
    where,
    clock: (at: Instant) => time.clock(at, where),
    day: (at: Instant) => time.day(at, now(), where),
    longDay: (at: Instant) => time.longDay(at, where),
    shortTime: (at: Instant) => time.shortTime(at, now(), where),
    dayAndTime: (at: Instant) => time.dayAndTime(at, now(), where),
    fullTime: (at: Instant) => time.fullTime(at, where),
    away: (at: Instant) => time.away(at, now(), where),
    sameDay: (one: Instant, other: Instant) => time.sameDay(one, other, where),
    duration: time.duration,
    number: (value: number) => figures.number(value, where),
    percent: (share: number) => figures.percent(share, where),
    size: (bytes: number) => figures.size(bytes, where),
    names: (all: readonly string[], most?: number) => people.names(all, where, most),
  };
}

/** The formats, in the person's language and time zone. What they make of « now » is renewed at each minute. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const now = useMinute();
  const language = LANGUAGES.find((one) => one === i18n.language) ?? "fr";
  return useMemo(
    () => bind({ language, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone }, () => now),
    [language, now],
  );
}
