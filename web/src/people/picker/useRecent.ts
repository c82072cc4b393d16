import { useMemo } from "react";
import type { PersonCard } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { useSpaceLists } from "#/spaces/useSpaces";

/** The people of one's directs, those one exchanged with last first; oneself is not among them. */
export function useRecent(): readonly PersonCard[] {
  const { directs } = useSpaceLists();
  const me = useHouse((house) => house.me);
  return useMemo(() => {
    const people = new Map<string, PersonCard>();
    for (const { others } of directs) {
      for (const person of others)
        if (person.id !== me && !people.has(person.id)) people.set(person.id, person);
    }
    return [...people.values()];
  }, [directs, me]);
}
