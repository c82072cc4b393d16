import { expect, test } from "vitest";
import { compareInstants } from "./instant";

test("moments are compared to the microsecond, whether or not they have a fraction", () => {
  const ordered = [
    "2026-03-10T08:30:00Z",
    "2026-03-10T08:30:00.000001Z",
    "2026-03-10T08:30:00.5Z",
    "2026-03-10T08:30:01Z",
    "2026-03-10T08:30:01.250000Z",
  ];
  expect([...ordered].reverse().sort(compareInstants)).toEqual(ordered);
  expect(compareInstants("2026-03-10T08:30:00Z", "2026-03-10T08:30:00.000000Z")).toBe(0);
});
