import { changed, type Reducers, withoutSpace } from "#/core/journal/house";

/** What the events of spaces make of the house. */
export const spacesReducers = {
  "spaces.space.changed": (house, { s, e }) =>
    changed(house, "spaces", s, (own) => ({ ...own, space: e.space })),
  "spaces.member.added": (house, { s, e }) =>
    changed(house, "spaces", s, (own) => ({
      ...own,
      space: { ...own.space, members_count: e.members_count, faces: e.faces },
    })),
  "spaces.member.removed": (house, { s, e }) =>
    changed(house, "spaces", s, (own) => ({
      ...own,
      space: { ...own.space, members_count: e.members_count, faces: e.faces },
    })),
  "spaces.member.changed": (house, { s, e }) =>
    e.person_id === house.me ? changed(house, "spaces", s, (own) => ({ ...own, role: e.role })) : house,
  // The window asks for the space; until it is there, nothing is to be seen.
  "spaces.space.gained": (house) => house,
  "spaces.space.lost": (house, { e }) => withoutSpace(house, e.space_id),
  // Whoever it is for looks it up; nothing of the house shows it.
  "spaces.label.moved": (house) => house,
  "spaces.guests.moved": (house) => house,
  "spaces.stay.moved": (house) => house,
} satisfies Partial<Reducers>;
