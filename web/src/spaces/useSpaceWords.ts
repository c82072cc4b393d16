import { useMemo } from "react";
import { useTranslation } from "react-i18next";

/** What the server takes, in characters. */
const NAME_MOST = 90;
const DESCRIPTION_MOST = 500;

/** How many characters too many; a name's white space is folded before it is counted, as the server does. */
const over = (text: string, most: number): number => [...text].length - most;
const tidy = (text: string): string => text.trim().replace(/\s+/gu, " ");

type Judges = {
  readonly name: (text: string) => string | null;
  readonly description: (text: string) => string | null;
};

/** What is wrong with a space's name or description; null when nothing is. */
export function useSpaceWords(): Judges {
  const { t } = useTranslation("spaces");
  return useMemo(
    () => ({
      name: (text) => {
        if (tidy(text) === "") return t("new.nameMissing");
        const count = over(tidy(text), NAME_MOST);
        return count > 0 ? t("new.tooLong", { count }) : null;
      },
      description: (text) => {
        const count = over(text.trim(), DESCRIPTION_MOST);
        return count > 0 ? t("new.tooLong", { count }) : null;
      },
    }),
    [t],
  );
}
