import { expect, test } from "vitest";
import type { MemberView, Role } from "#/core/api/schema";
import { isLastManager } from "./roles";

const member = (person_id: string, role: Role): MemberView => ({
  person_id,
  role,
  joined_at: "2026-03-02T08:00:00Z",
  barred: null,
});

test("who alone manages is the last manager", () => {
  const members = [member("a", "manager"), member("b", "contributor")];
  expect(isLastManager("a", { members, more: false })).toBe(true);
  expect(isLastManager("b", { members, more: false })).toBe(false);
});

test("nobody is while another one manages, or while the list does not tell", () => {
  const two = [member("a", "manager"), member("b", "manager")];
  expect(isLastManager("a", { members: two, more: false })).toBe(false);
  expect(isLastManager("a", { members: [member("a", "manager")], more: true })).toBe(false);
  // Managers come first: once somebody else stands there, no other manager comes after them.
  expect(isLastManager("a", { members: [member("a", "manager"), member("b", "reader")], more: true })).toBe(
    true,
  );
});
