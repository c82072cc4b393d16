import { describe, expect, test } from "vitest";
import { badge, number, percent, size } from "./figures";
import { firstName, folded, initials, names } from "./names";
import { away, clock, day, dayAndTime, duration, fullTime, longDay, sameDay, shortTime } from "./time";
import type { Where } from "./where";

const fr: Where = { language: "fr", timeZone: "Europe/Paris" };
const en: Where = { language: "en", timeZone: "Europe/Paris" };
const reunion: Where = { language: "fr", timeZone: "Indian/Reunion" };

/** Shows no-break spaces, so that an expectation can be read. */
const seen = (text: string): string => text.replaceAll("\u202f", "~").replaceAll("\u00a0", "_");
const at = (iso: string): number => Date.parse(iso);
const now = at("2026-03-10T08:18:00Z");

describe("time", () => {
  test("a clock", () => {
    expect(seen(clock(at("2026-03-10T13:32:00Z"), fr))).toBe("14~h~32");
    expect(seen(clock(at("2026-03-10T08:02:00Z"), fr))).toBe("9~h~02");
    expect(seen(clock(at("2026-03-09T23:00:00Z"), fr))).toBe("0~h~00");
    expect(clock(at("2026-03-10T08:02:00Z"), en)).toBe("09:02");
    expect(clock(at("2026-03-09T23:00:00Z"), en)).toBe("00:00");
  });

  test("the day, relative when near", () => {
    expect(day(now, now, fr)).toBe("aujourd’hui");
    expect(day(at("2026-03-09T22:59:00Z"), now, fr)).toBe("hier");
    expect(day(at("2026-03-11T07:00:00Z"), now, fr)).toBe("demain");
    expect(seen(day(at("2026-03-02T12:00:00Z"), now, fr))).toBe("lundi 2_mars");
    expect(seen(day(at("2026-03-01T12:00:00Z"), now, fr))).toBe("dimanche 1er_mars");
    expect(seen(day(at("2025-12-31T12:00:00Z"), now, fr))).toBe("mercredi 31_décembre_2025");
    expect(seen(day(at("2026-03-02T12:00:00Z"), now, en))).toBe("Monday 2_March");
    expect(day(at("2026-03-09T12:00:00Z"), now, en)).toBe("yesterday");
    expect(seen(longDay(now, fr))).toBe("mardi 10_mars");
  });

  test("the day belongs to the time zone", () => {
    const late = at("2026-03-10T21:30:00Z");
    expect(day(late, now, fr)).toBe("aujourd’hui");
    expect(day(late, now, reunion)).toBe("demain");
    expect(sameDay(now, late, fr)).toBe(true);
    expect(sameDay(now, late, reunion)).toBe(false);
  });

  test("the day on which clocks change is one day", () => {
    const before = at("2026-03-28T23:30:00Z");
    const after = at("2026-03-29T21:30:00Z");
    expect(sameDay(before, after, fr)).toBe(true);
    expect(seen(clock(at("2026-03-29T01:00:00Z"), fr))).toBe("3~h~00");
    expect(day(at("2026-03-28T22:30:00Z"), after, fr)).toBe("hier");
  });

  test("the shortest that is clear", () => {
    expect(seen(shortTime(at("2026-03-10T07:47:00Z"), now, fr))).toBe("8~h~47");
    expect(shortTime(at("2026-03-09T07:47:00Z"), now, fr)).toBe("hier");
    expect(shortTime(at("2026-03-04T07:47:00Z"), now, fr)).toBe("mercredi");
    expect(seen(shortTime(at("2026-03-03T07:47:00Z"), now, fr))).toBe("3_mars");
    expect(seen(shortTime(at("2025-03-10T07:47:00Z"), now, fr))).toBe("10_mars_2025");
    expect(shortTime(at("2026-03-04T07:47:00Z"), now, en)).toBe("Wednesday");
  });

  test("day and time, whole date", () => {
    expect(seen(dayAndTime(now, now, fr))).toBe("aujourd’hui à 9~h~18");
    expect(seen(dayAndTime(at("2026-03-02T08:00:00Z"), now, en))).toBe("Monday 2_March at 09:00");
    expect(seen(fullTime(now, fr))).toBe("mardi 10_mars_2026 à 9~h~18");
  });

  test("how long, and how far", () => {
    expect([0, 45_000, 12 * 60_000, 3_600_000, 3_900_000].map((value) => seen(duration(value)))).toEqual([
      "0~s",
      "45~s",
      "12~min",
      "1~h",
      "1~h~05",
    ]);
    expect(away(now + 20_000, now, fr)).toBe("maintenant");
    expect(seen(away(now + 12 * 60_000, now, fr))).toBe("dans 12_minutes");
    expect(seen(away(now - 60_000, now, fr))).toBe("il y a 1_minute");
    expect(seen(away(now - 7_300_000, now, en))).toBe("2 hours ago");
  });
});

describe("figures", () => {
  test("sizes", () => {
    const sizes: [number, string, string][] = [
      [0, "0~octet", "0~bytes"],
      [1, "1~octet", "1~byte"],
      [2, "2~octets", "2~bytes"],
      [999, "999~octets", "999~bytes"],
      [1000, "1~ko", "1~kB"],
      [84_300, "84~ko", "84~kB"],
      [999_600, "1~Mo", "1~MB"],
      [2_400_000, "2,4~Mo", "2.4~MB"],
      [184_000_000, "184~Mo", "184~MB"],
      [5_000_000_000, "5~Go", "5~GB"],
      [3e15, "3~000~To", "3,000~TB"],
    ];
    for (const [bytes, french, english] of sizes) {
      expect(seen(size(bytes, fr))).toBe(french);
      expect(seen(size(bytes, en))).toBe(english);
    }
  });

  test("numbers, shares, badges", () => {
    expect(seen(number(1850, fr))).toBe("1~850");
    expect(number(2.914, fr)).toBe("2,91");
    expect(number(1850, en)).toBe("1,850");
    expect(seen(percent(0.455, fr))).toBe("46~%");
    expect(percent(0.999, en)).toBe("99%");
    expect(percent(1, en)).toBe("100%");
    expect([badge(1), badge(99), badge(100)]).toEqual(["1", "99", "99+"]);
  });
});

describe("names", () => {
  test("lists", () => {
    expect(names([], fr)).toBe("");
    expect(names(["Élodie"], fr)).toBe("Élodie");
    expect(names(["Élodie", "Thomas", "Margaux"], fr)).toBe("Élodie, Thomas et Margaux");
    expect(names(["Élodie", "Thomas", "Margaux", "Yanis"], fr)).toBe("Élodie, Thomas et 2 autres");
    expect(names(["Élodie", "Thomas", "Margaux", "Yanis"], en)).toBe("Élodie, Thomas and 2 others");
    expect(names(["Élodie", "Thomas"], fr, 1)).toBe("Élodie et 1 autre");
  });

  test("initials", () => {
    expect(initials("Solène Kerbrat")).toBe("SK");
    expect(initials("Lan-Anh Vuong")).toBe("LV");
    expect(initials("Gaël Le Bihan")).toBe("GL");
    expect(initials("élodie")).toBe("É");
    expect(initials("  (Anne)  d’Aubigné ")).toBe("AD");
    expect(initials("…")).toBe("?");
    expect(initials("")).toBe("?");
  });

  test("first name and folding", () => {
    expect(firstName("Gaël Le Bihan")).toBe("Gaël");
    expect(folded("  CHÉRIF, Nadia ")).toBe("cherif nadia");
    expect(folded("Œuvres d’Ÿvette")).toBe("oeuvres d yvette");
  });
});
