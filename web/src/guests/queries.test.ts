import { expect, test } from "vitest";
import type { GuestBook, InvitationView } from "#/core/api/schema";
import { runsOutIn } from "./queries";

const NOW = Date.parse("2026-03-10T08:00:00Z");

const book = (...invitations: Pick<InvitationView, "over" | "expires_at">[]): GuestBook =>
  ({ invitations, guests: [] }) as unknown as GuestBook;

test("an open list of guests asks again when the next link runs out, and only then", () => {
  const soon = { over: false, expires_at: "2026-03-10T08:01:00Z" };
  const late = { over: false, expires_at: "2026-03-20T08:00:00Z" };
  const past = { over: true, expires_at: "2026-03-01T08:00:00Z" };
  expect(runsOutIn(book(past, late, soon), NOW)).toBe(61_000);
  expect(runsOutIn(book(past), NOW)).toBe(false);
});

test("it waits a moment where this device's clock is ahead, and no longer than a timer can", () => {
  expect(runsOutIn(book({ over: false, expires_at: "2026-03-10T07:59:00Z" }), NOW)).toBe(1000);
  expect(runsOutIn(book({ over: false, expires_at: "2027-03-10T08:00:00Z" }), NOW)).toBe(2 ** 31 - 1);
});
