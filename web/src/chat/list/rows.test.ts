import { describe, expect, test } from "vitest";
import { layOut, type Placed } from "./rows";

const MINUTE = 60_000;
const DAY = 86_400_000;
const sameDay = (one: number, other: number): boolean => Math.floor(one / DAY) === Math.floor(other / DAY);

const from = (authorId: string, minutes: number, ordinal: number | null = minutes + 1): Placed => ({
  key: `${authorId}${minutes}`,
  authorId,
  at: minutes * MINUTE,
  ordinal,
});

/** Heads as capitals, follow-ups as small letters, the line as |, days as their number. */
function seen(messages: readonly Placed[], newFrom: number | null = null, begun = false): string {
  return layOut(messages, newFrom, sameDay, begun)
    .map((row) => {
      if (row.type === "day") return String(Math.floor(row.at / DAY));
      if (row.type === "new") return "|";
      return row.head ? row.message.authorId.toUpperCase() : row.message.authorId;
    })
    .join("");
}

describe("the layout of messages", () => {
  test("one author within five minutes is one group", () => {
    expect(seen([from("a", 0), from("a", 4), from("a", 8), from("b", 9), from("a", 9)])).toBe("AaaBA");
    expect(seen([from("a", 0), from("a", 5)])).toBe("AA");
  });

  test("a day is said where it begins, and only where that is known", () => {
    expect(seen([from("a", 1438), from("a", 1439), from("a", 1441)])).toBe("Aa1A");
    expect(seen([from("a", 0), from("a", 1)], null, true)).toBe("0Aa");
  });

  test("the line stands before the first new message and begins a group", () => {
    expect(seen([from("a", 0), from("a", 1), from("a", 2)], 2)).toBe("A|Aa");
    expect(seen([from("a", 0), from("a", 1)], 3)).toBe("Aa");
    // The first new message was deleted for good, say: the line comes before the next one.
    expect(seen([from("a", 0), from("b", 3)], 3)).toBe("A|B");
  });

  test("the line comes after the day that begins with it", () => {
    expect(seen([from("a", 1439), from("a", 1441)], 1442)).toBe("A1|A");
  });

  test("a page that begins after the line does not draw it", () => {
    expect(seen([from("a", 5), from("a", 6)], 3)).toBe("Aa");
    expect(seen([from("a", 5), from("a", 6)], 6)).toBe("|Aa");
  });

  test("what is on its way belongs to its group and draws no line", () => {
    expect(seen([from("a", 0), from("a", 1, null)], 2)).toBe("Aa");
  });

  test("the last of each group is known", () => {
    const tails = layOut(
      [from("a", 0), from("a", 1), from("b", 2), from("b", 1441)],
      null,
      sameDay,
      false,
    ).map((row) => row.type === "message" && row.tail);
    expect(tails).toEqual([false, true, true, false, true]);
  });

  test("nothing gives nothing", () => {
    expect(seen([], 1, true)).toBe("");
  });
});
