import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "#/core/format/where";
import { useHouse } from "#/core/journal/live";
import { type SpaceRow, spaceRows } from "./spaces";

function useLanguage(): Language {
  const { i18n } = useTranslation();
  return LANGUAGES.find((one) => one === i18n.language) ?? "fr";
}

type SpaceLists = {
  /** Teams and communities by name: their place in the list does not move under the hand. */
  readonly spaces: readonly SpaceRow[];
  /** Directs, the one that moved last first. */
  readonly directs: readonly SpaceRow[];
};

/** The spaces one is in, as the list shows them. */
export function useSpaceLists(): SpaceLists {
  const house = useHouse((whole) => whole);
  const language = useLanguage();
  const rows = useMemo(() => spaceRows(house, language), [house, language]);
  return useMemo(() => {
    const collator = new Intl.Collator(language);
    return {
      spaces: rows
        .filter(({ own }) => own.space.kind !== "direct")
        .sort((one, other) => collator.compare(one.name, other.name)),
      directs: rows
        .filter(({ own }) => own.space.kind === "direct")
        .sort((one, other) => other.movedAt - one.movedAt),
    };
  }, [rows, language]);
}

/** One space, or null when one is not (or no longer) in it. */
export function useSpace(id: string): SpaceRow | null {
  const house = useHouse((whole) => whole);
  const language = useLanguage();
  return useMemo(
    () => spaceRows(house, language).find((row) => row.id === id) ?? null,
    [house, language, id],
  );
}
