import { describe, expect, test } from "vitest";
import type { FileView } from "#/core/api/schema";
import { boxOf, hasBox } from "./pictures";

const file = (width: number | null, height: number | null): FileView => ({
  id: "018e0000-0000-7000-8000-000000000001",
  space_id: "018e0000-0000-7000-8000-000000000002",
  name: { format: "plain", text: "digue.jpg" },
  size: 1,
  media_type: "image/jpeg",
  preview: "ready",
  width,
  height,
  created_by: "018e0000-0000-7000-8000-000000000003",
  created_at: "2026-03-10T08:00:00Z",
});

describe("the room of a picture", () => {
  test("keeps its shape within the bounds", () => {
    expect(boxOf(file(4000, 3000), true)).toEqual({ width: 360, height: 270 });
    expect(boxOf(file(4000, 1000), true)).toEqual({ width: 360, height: 90 });
    expect(boxOf(file(1000, 4000), true)).toEqual({ width: 68, height: 270 });
    expect(boxOf(file(4000, 3000), false)).toEqual({ width: 213, height: 160 });
  });

  test("does not blow up a small one, and leaves enough of a thin one to hit", () => {
    expect(boxOf(file(120, 80), true)).toEqual({ width: 120, height: 80 });
    expect(boxOf(file(9000, 10), true)).toEqual({ width: 360, height: 44 });
    expect(boxOf(file(1, 1), true)).toEqual({ width: 44, height: 44 });
  });

  test("is the same while the copy is made, once it is there, and when it could not be made", () => {
    const boxes = (["pending", "ready", "failed"] as const).map((preview) => {
      const one = { ...file(900, 1600), preview };
      return hasBox(one) && boxOf(one, true);
    });
    expect(boxes).toEqual([boxes[0], boxes[0], boxes[0]]);
    expect(boxes[0]).toEqual({ width: 152, height: 270 });
    expect(hasBox({ ...file(null, null), preview: "failed" })).toBe(false);
    expect(hasBox({ ...file(900, 1600), preview: "none" })).toBe(false);
  });

  test("is a usual one when it could not be measured", () => {
    expect(boxOf(file(null, null), true)).toEqual({ width: 360, height: 270 });
    expect(boxOf(file(0, 0), false)).toEqual({ width: 213, height: 160 });
  });
});
