import { expect, test } from "vitest";
import type { LabelHolding } from "#/core/api/schema";
import { daysBetween, endingOf, nameOf } from "./terms";

const until = (day: string | null, more: Partial<LabelHolding> = {}): LabelHolding => ({
  label: "sensitive",
  state: "open",
  rule: "allowed",
  reason: "approved",
  also: [],
  until: day,
  then_state: day === null ? null : "read-only",
  then_reason: day === null ? null : "approval-expired",
  ...more,
});

test("days are counted by the calendar, over a change of hour too", () => {
  expect(daysBetween("2026-03-28", "2026-03-30")).toBe(2);
  expect(daysBetween("2026-12-31", "2027-01-01")).toBe(1);
});

test.each([
  ["2026-02-21", null],
  ["2026-02-22", 90],
  ["2026-04-22", 90],
  ["2026-04-23", 30],
  ["2026-05-15", 30],
  ["2026-05-16", 7],
  ["2026-05-23", 7],
  ["2026-05-24", null],
] as const)("on %s the end of 23 May is told at the threshold %s", (today, threshold) => {
  expect(endingOf(until("2026-05-23"), today)?.threshold ?? null).toBe(threshold);
});

test("what has no end, or is closed already, is not told", () => {
  expect(endingOf(until(null), "2026-05-20")).toBeNull();
  expect(endingOf(until("2026-05-23", { state: "read-only" }), "2026-05-20")).toBeNull();
  expect(endingOf(null, "2026-05-20")).toBeNull();
});

test("each threshold and each end is a reminder of its own", () => {
  const name = (day: string, today: string) => {
    const ending = endingOf(until(day), today);
    return ending && nameOf(ending);
  };
  expect(name("2026-05-23", "2026-05-20")).toBe(name("2026-05-23", "2026-05-21"));
  expect(name("2026-05-23", "2026-05-20")).not.toBe(name("2026-05-23", "2026-04-25"));
  expect(name("2026-05-23", "2026-05-20")).not.toBe(name("2026-05-24", "2026-05-20"));
});
