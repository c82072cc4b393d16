import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { PersonCard } from "#/core/api/schema";
import { face } from "#/people/names";
import { usePerson } from "#/people/usePerson";
import type { Face } from "#/ui/identity/Avatar";

export type Author = { readonly face: Face; readonly card: PersonCard | undefined };

/** Who wrote something, as pictures and names need it; « Quelqu’un » until their card is known. */
export function useAuthor(id: string): Author {
  const { t } = useTranslation("people");
  const card = usePerson(id);
  const someone = t("someone");
  return useMemo(() => ({ face: card ? face(card) : { id, name: someone }, card }), [card, id, someone]);
}
