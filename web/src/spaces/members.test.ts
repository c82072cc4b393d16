import { describe, expect, test } from "vitest";
import type { AnyEvent, Role } from "#/core/api/schema";
import { frame, id, SPACE } from "#/test/things";
import { heardInMembers, type MemberList, withMore } from "./members";

const member = (tail: number, role: Role = "contributor") => ({
  person_id: id(tail),
  role,
  joined_at: `2026-03-0${tail}T08:00:00Z`,
  barred: null,
});
const list: MemberList = { members: [member(1), member(2)], more: false };
const heard = (e: AnyEvent, from = list): MemberList => heardInMembers(from, frame(e), SPACE);
const added: AnyEvent = {
  type: "spaces.member.added",
  person_id: id(3),
  role: "reader",
  members_count: 3,
  faces: [],
};

describe("a list of members", () => {
  test("grows at its end, if that is in sight, each member once", () => {
    expect(heard(added).members.map(({ person_id, role }) => [person_id, role])).toEqual([
      [id(1), "contributor"],
      [id(2), "contributor"],
      [id(3), "reader"],
    ]);
    expect(heard(added, heard(added)).members).toHaveLength(3);
    expect(heard(added, { ...list, more: true })).toEqual({ ...list, more: true });
    expect(withMore(list, { members: [member(2), member(3)], more: true })).toEqual({
      members: [member(1), member(2), member(3)],
      more: true,
    });
  });

  test("has who manages the space first, whenever they came", () => {
    const changed: AnyEvent = { type: "spaces.member.changed", person_id: id(2), role: "manager" };
    expect(heard(changed).members.map(({ person_id }) => person_id)).toEqual([id(2), id(1)]);
    const back: AnyEvent = { type: "spaces.member.changed", person_id: id(2), role: "reader" };
    expect(heard(back, heard(changed)).members.map(({ person_id }) => person_id)).toEqual([id(1), id(2)]);
    const more = heard({ ...added, role: "manager" }, { ...list, more: true });
    expect(more.members.map(({ person_id }) => person_id)).toEqual([id(3), id(1), id(2)]);
  });

  test("follows who goes and what role they have, in its own space", () => {
    const removed: AnyEvent = {
      type: "spaces.member.removed",
      person_id: id(1),
      members_count: 1,
      faces: [],
    };
    expect(heard(removed).members).toEqual([member(2)]);
    const changed: AnyEvent = { type: "spaces.member.changed", person_id: id(2), role: "reader" };
    expect(heard(changed).members).toEqual([member(1), member(2, "reader")]);
    expect(heardInMembers(list, frame(removed, { s: id(11) }), SPACE)).toBe(list);
  });
});
