import { useMatches } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import styles from "./Bar.module.css";
import { OwnMenu } from "./OwnMenu";
import { Places } from "./Rail";

/** On a phone, the rail as a bar at the foot. Inside a space it gives way to what one does there. */
export function Bar(): ReactElement | null {
  const { t } = useTranslation();
  const inside = useMatches({ select: (matches) => matches.some((match) => match.staticData.hidesBar) });
  if (inside) return null;
  return (
    <nav className={styles.bar} aria-label={t("rail")}>
      <ul className={styles.places}>
        <Places />
        <li className={styles.own}>
          <OwnMenu worded />
        </li>
      </ul>
    </nav>
  );
}
