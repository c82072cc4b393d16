import { describe, expect, test } from "vitest";
import { ARCADES } from "./arcades";
import { drawing, HUES, hash, hue } from "./hash";

describe("the colour and the drawing of an id", () => {
  test("never change: people know theirs", () => {
    // FNV-1a's own test vectors.
    expect([hash(""), hash("a"), hash("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
    const id = "01a0472b-1180-73d3-82f4-deb3fb7c74a2";
    expect([hue(id), drawing(id, ARCADES.length)]).toEqual([5, 7]);
  });

  test("are spread evenly over ids of one moment", () => {
    const ids = Array.from(
      { length: 8000 },
      (_, index) => `01a0472b-1180-7${index.toString(16).padStart(3, "0")}-82f4-deb3fb7c74a2`,
    );
    const counts = (of: (id: string) => number, kinds: number): number[] => {
      const found = new Array<number>(kinds).fill(0);
      for (const id of ids) found[of(id)] = (found[of(id)] ?? 0) + 1;
      return found;
    };
    for (const [found, kinds] of [
      [counts(hue, HUES), HUES],
      [counts((id) => drawing(id, ARCADES.length), ARCADES.length), ARCADES.length],
      [counts((id) => hue(id) * 10 + drawing(id, ARCADES.length), 80), 80],
    ] as const) {
      const fair = ids.length / kinds;
      expect(Math.min(...found)).toBeGreaterThan(fair * 0.5);
      expect(Math.max(...found)).toBeLessThan(fair * 1.6);
    }
  });
});
