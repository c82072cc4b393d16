import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { LabelBook } from "#/core/api/schema";
import { fullName } from "#/people/names";

/** The names of those whom a label's book speaks of. */
export function useWho(book: LabelBook | undefined): (person: string | null) => string {
  const { t } = useTranslation("labels");
  return useCallback(
    (person) => {
      const card = book?.people.find(({ id }) => id === person);
      return card ? fullName(card) : t("changes.somebody");
    },
    [book, t],
  );
}
