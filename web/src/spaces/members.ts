import type { EventFrame, MemberView } from "#/core/api/schema";

/** Members, who manages the space first, then in the order in which they came, up to somewhere; `more` says that others came after them. */
export type MemberList = { readonly members: readonly MemberView[]; readonly more: boolean };

/** Who manages the space first, then as they came; the server's order. */
function inOrder(members: readonly MemberView[]): MemberView[] {
  const others = ({ role }: MemberView): number => (role === "manager" ? 0 : 1);
  return [...members].sort(
    (one, other) =>
      others(one) - others(other) ||
      Date.parse(one.joined_at) - Date.parse(other.joined_at) ||
      (one.person_id < other.person_id ? -1 : 1),
  );
}

/** The list with the page after it. */
export function withMore(list: MemberList, page: MemberList): MemberList {
  const known = new Set(list.members.map(({ person_id }) => person_id));
  return {
    members: [...list.members, ...page.members.filter(({ person_id }) => !known.has(person_id))],
    more: page.more,
  };
}

/** The whole list of a space's members after an event. Who is there already is there once. */
export function heardInMembers(list: MemberList, { s, at, e }: EventFrame, space: string): MemberList {
  if (s !== space) return list;
  switch (e.type) {
    case "spaces.member.added": {
      // Whoever comes stands at the end, which may not be in sight; who manages, among the first.
      if (
        (list.more && e.role !== "manager") ||
        list.members.some(({ person_id }) => person_id === e.person_id)
      )
        return list;
      const member = { person_id: e.person_id, role: e.role, joined_at: at, barred: null };
      return { ...list, members: inOrder([...list.members, member]) };
    }
    case "spaces.member.removed":
      if (!list.members.some(({ person_id }) => person_id === e.person_id)) return list;
      return { ...list, members: list.members.filter(({ person_id }) => person_id !== e.person_id) };
    case "spaces.member.changed":
      if (!list.members.some(({ person_id }) => person_id === e.person_id)) return list;
      return {
        ...list,
        members: inOrder(
          list.members.map((member) =>
            member.person_id === e.person_id ? { ...member, role: e.role } : member,
          ),
        ),
      };
    default:
      return list;
  }
}
