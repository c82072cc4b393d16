import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { useHouse } from "#/core/journal/live";
import { face, fullName } from "#/people/names";
import type { Face } from "#/ui/identity/Avatar";
import type { Member } from "../room/members";

/** How a device of the call is called and pictured: from our own cards, never from what it says of itself. */
export type Named = { readonly name: string; readonly short: string; readonly face: Face };

type Words = {
  readonly you: string;
  readonly someone: string;
  readonly second: (name: string, ordinal: number) => string;
};

/** The names of all, by identity. The second device of a person says so. */
export function namesOf(
  members: readonly Member[],
  people: { readonly [id: string]: PersonCard },
  me: string,
  { you, someone, second }: Words,
): ReadonlyMap<string, Named> {
  const seen = new Map<string, number>();
  const named = new Map<string, Named>();
  for (const { identity, person } of members) {
    const ordinal = (seen.get(person) ?? 0) + 1;
    seen.set(person, ordinal);
    const card = people[person];
    const one = card ? face(card) : { id: person, name: someone };
    const numbered = (name: string): string => (ordinal > 1 ? second(name, ordinal) : name);
    const full = person === me ? you : card ? fullName(card) : someone;
    const short = person === me ? you : (card?.given_name ?? someone);
    named.set(identity, { name: numbered(full), short: numbered(short), face: one });
  }
  return named;
}

export function useNames(members: readonly Member[]): ReadonlyMap<string, Named> {
  const { t } = useTranslation("meet");
  const people = useHouse((house) => house.people);
  const me = useHouse((house) => house.me);
  return useMemo(
    () =>
      namesOf(members, people, me, {
        you: t("you"),
        someone: t("someone"),
        second: (name, ordinal) => t("second", { name, ordinal }),
      }),
    [members, people, me, t],
  );
}
