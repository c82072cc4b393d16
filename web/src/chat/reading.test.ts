import { describe, expect, test } from "vitest";
import { type NewLine, newLine } from "./reading";

type Now = Parameters<typeof newLine>[1];
const CALM: Now = { channel: "général", read: 10, last: 10, attended: true, lastIsOwn: false };

/** The line after each of these moments. */
function froms(...moments: Partial<Now>[]): (number | null)[] {
  let line: NewLine | null = null;
  return moments.map((moment) => {
    const now = { ...CALM, ...moment };
    line = newLine(line, now);
    // Asked again in the same moment, it stays: a render that settles.
    expect(newLine(line, now)).toBe(line);
    return line.from;
  });
}

describe("the line of what is new", () => {
  test("stands where one had read to, and stays while one reads on", () => {
    expect(froms({ last: 14 }, { last: 14, read: 14 }, { last: 15, read: 15 })).toEqual([11, 11, 11]);
  });

  test("is not there when nothing is new, nor for what comes while one looks", () => {
    expect(froms({}, { last: 11 }, { last: 11, read: 11 })).toEqual([null, null, null]);
  });

  test("shows what came while nobody looked, from the first of it", () => {
    const away = { attended: false };
    expect(
      froms({}, away, { ...away, last: 11 }, { ...away, last: 13 }, { last: 13 }, { last: 13, read: 13 }),
    ).toEqual([null, null, 11, 11, 11, 11]);
  });

  test("moves on when one looked away again after having read", () => {
    expect(froms({ last: 14 }, { last: 14, read: 14 }, { last: 15, read: 14, attended: false })).toEqual([
      11, 11, 15,
    ]);
  });

  test("stays at the first new one while it has not been read", () => {
    expect(froms({ last: 14 }, { last: 16, attended: false })).toEqual([11, 11]);
  });

  test("goes when one writes oneself", () => {
    expect(froms({ last: 14 }, { last: 15, read: 15, lastIsOwn: true })).toEqual([11, null]);
  });

  test("begins anew in another channel", () => {
    expect(froms({ last: 14 }, { channel: "digues", read: 2, last: 2 })).toEqual([11, null]);
  });
});
