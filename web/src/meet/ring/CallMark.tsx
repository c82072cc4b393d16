import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHouse } from "#/core/journal/live";
import { IconVideoCamera } from "#/ui/icon";
import styles from "./CallMark.module.css";

/** Beside a space's name: that a call is being held there. */
export function CallMark({ space }: { space: string }): ReactElement | null {
  const { t } = useTranslation("meet");
  const living = useHouse((house) => house.calls[space] !== undefined);
  if (!living) return null;
  return <IconVideoCamera size={18} label={t("living")} className={styles.mark} />;
}
