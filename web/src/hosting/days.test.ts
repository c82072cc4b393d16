import { expect, test } from "vitest";
import { daysAfter, inYears, monthsAfter } from "./days";

// The same days as in tests/core/policy/test_holding.py, which holds the server to them.
test.each([
  ["2026-01-31", 1, "2026-02-28"],
  ["2024-01-31", 1, "2024-02-29"],
  ["2024-02-29", 12, "2025-02-28"],
  ["2024-02-29", 48, "2028-02-29"],
  ["2026-12-31", 12, "2027-12-31"],
  ["2026-11-30", 3, "2027-02-28"],
  ["2026-03-10", 0, "2026-03-10"],
] as const)("%s and %i months are %s", (day, months, end) => {
  expect(monthsAfter(day, months)).toBe(end);
});

test.each([
  ["2024-02-29", "2027-02-27"],
  ["2026-01-01", "2028-12-31"],
  ["2026-03-10", "2029-03-09"],
] as const)("three years from %s end on %s, as the server has it", (day, end) => {
  expect(inYears(day, 3)).toBe(end);
});

test("what is half typed stays as it is", () => {
  expect(inYears("", 3)).toBe("");
  expect(daysAfter("2026-0", 1)).toBe("2026-0");
  expect(daysAfter("2026-02-28", 1)).toBe("2026-03-01");
});
