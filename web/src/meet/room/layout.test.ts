import { describe, expect, test } from "vitest";
import { seeded } from "#/test/things";
import {
  type Candidate,
  choose,
  GAP,
  grid,
  gridHolds,
  nobody,
  STRIP,
  spotlight,
  strip,
  TURN_AFTER_MS,
} from "./layout";

/** The room for tiles in a window of 1440 by 900, and on a phone. */
const WIDE = [1416, 768] as const;
const PHONE = [366, 640] as const;
const shape = (count: number, [width, height]: readonly [number, number]): string => {
  const { columns, rows } = grid(count, width, height);
  return `${columns}×${rows}`;
};

describe("the grid", () => {
  test("as one would lay them", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 9, 12].map((count) => shape(count, WIDE))).toEqual([
      "1×1",
      "2×1",
      "2×2",
      "2×2",
      "3×2",
      "3×2",
      "4×2",
      "3×3",
      "4×3",
    ]);
    expect([1, 2, 3, 4, 6, 8].map((count) => shape(count, PHONE))).toEqual([
      "1×1",
      "1×2",
      "1×3",
      "2×2",
      "2×3",
      "2×4",
    ]);
  });

  test("for any room: everybody fits, nothing overflows, no row stands empty", () => {
    const random = seeded(3);
    for (let round = 0; round < 400; round += 1) {
      const [width, height] = [200 + random() * 2000, 150 + random() * 1500];
      const count = 1 + Math.floor(random() * 16);
      const one = grid(count, width, height);
      expect(one.columns * one.rows).toBeGreaterThanOrEqual(count);
      expect((one.rows - 1) * one.columns).toBeLessThan(count);
      expect(one.width * one.columns + GAP * (one.columns - 1)).toBeLessThanOrEqual(width + 0.001);
      expect(one.height * one.rows + GAP * (one.rows - 1)).toBeLessThanOrEqual(height + 0.001);
      expect(one.width).toBeGreaterThan(0);
    }
  });

  test("holds as many as one can still know", () => {
    expect(gridHolds(...WIDE)).toBe(16);
    expect(gridHolds(...PHONE)).toBe(8);
    expect(gridHolds(160, 120)).toBe(1);
  });
});

describe("the strip", () => {
  test("beside in a wide window, under in a narrow one", () => {
    expect(strip(6, 1416, 768)).toMatchObject({ side: "right", holds: 6, width: STRIP });
    expect(strip(2, 1416, 768).height).toBe(140);
    expect(strip(9, 1416, 768).height * 6 + GAP * 5).toBeLessThanOrEqual(768);
    expect(strip(5, 366, 640)).toMatchObject({ side: "bottom", holds: 2 });
  });
});

const one = (index: number, more: Partial<Candidate> = {}): Candidate => ({
  identity: `p${index}`,
  self: index === 0,
  spokeAt: 0,
  camera: false,
  ...more,
});

describe("who gets a tile", () => {
  test("everybody, in order, while there is room", () => {
    const all = [one(0), one(1), one(2)];
    expect(choose(all, 3, [])).toEqual({ shown: ["p0", "p1", "p2"], rest: 0 });
  });

  test("a speaker without one takes that of the longest silent, and nobody else moves", () => {
    const all = Array.from({ length: 8 }, (_, index) =>
      one(index, { spokeAt: index === 0 ? 0 : 100 - index }),
    );
    const before = choose(all, 5, []).shown;
    expect(before).toEqual(["p0", "p1", "p2", "p3"]);
    const spoke = all.map((each) => (each.identity === "p7" ? { ...each, spokeAt: 500 } : each));
    expect(choose(spoke, 5, before)).toEqual({ shown: ["p0", "p1", "p2", "p7"], rest: 4 });
  });

  test("whatever happens: oneself is there, nobody twice, and it settles", () => {
    const random = seeded(7);
    let before: readonly string[] = [];
    let all = Array.from({ length: 20 }, (_, index) => one(index));
    for (let round = 1; round < 300; round += 1) {
      all = all.map((each) => ({ ...each, spokeAt: random() < 0.1 ? round : each.spokeAt }));
      const there = all.filter((each) => each.self || random() < 0.9);
      const holds = 2 + Math.floor(random() * 14);
      const { shown, rest } = choose(there, holds, before);
      expect(new Set(shown).size).toBe(shown.length);
      expect(shown).toContain("p0");
      expect(shown.length + rest).toBe(there.length);
      expect(shown.length + (rest > 0 ? 1 : 0)).toBeLessThanOrEqual(Math.max(2, holds));
      expect(choose(there, holds, shown).shown).toEqual(shown);
      before = shown;
    }
  });
});

describe("the view of the speaker", () => {
  const others = ["a", "b", "c"];
  test("turns when somebody else has had the word for a while", () => {
    const a = spotlight(nobody, ["a"], others, 0);
    const b = spotlight(a, ["b"], others, 1_000);
    expect(b.identity).toBe("a");
    expect(spotlight(b, ["b"], others, 1_000 + TURN_AFTER_MS).identity).toBe("b");
  });

  test("stays in a pause, and while the one it shows goes on speaking", () => {
    const a = spotlight(nobody, ["a"], others, 0);
    expect(spotlight(a, [], others, 60_000).identity).toBe("a");
    const both = spotlight(a, ["b", "a"], others, 1_000);
    expect(spotlight(both, ["b", "a"], others, 9_000).identity).toBe("a");
  });

  test("turns at once from somebody who is gone, and shows somebody from the first", () => {
    const a = spotlight(nobody, [], others, 0);
    expect(a.identity).toBe("a");
    expect(spotlight(a, [], ["b", "c"], 10).identity).toBe("b");
    expect(spotlight(a, [], [], 10).identity).toBe(null);
  });
});
