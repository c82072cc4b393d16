import type { PersonCard } from "#/core/api/schema";
import type { Face } from "#/ui/identity/Avatar";

/** « Solène Kerbrat »: as it is said, given name first. */
export function fullName(person: Pick<PersonCard, "given_name" | "family_name">): string {
  return `${person.given_name} ${person.family_name}`.trim();
}

/** What the pictures of people need. */
export function face(person: PersonCard): Face {
  return { id: person.id, name: fullName(person), picture: person.picture };
}
