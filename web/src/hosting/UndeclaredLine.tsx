import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import styles from "./Undeclared.module.css";

/** On the first page, as long as nobody said where the instance lies: everything is closed, nothing is lost, and who opens it. */
export function UndeclaredLine(): ReactElement | null {
  const { t } = useTranslation("rule");
  const { abilities } = useMe();
  const undeclared = useHouse((house) => house.holdings.internal?.reason === "undeclared");
  if (!undeclared) return null;
  const declares = abilities.includes("hosting:declaration:make");
  return (
    <div className={styles.line} role="note">
      <p className={styles.text}>{t(declares ? "undeclared.yours" : "undeclared.theirs")}</p>
      {/* Whoever declares has it as their first step, just below. */}
      {!declares && abilities.includes("hosting:declaration:read") && (
        <Link to="/rule" className={styles.link}>
          {t("undeclared.look")}
        </Link>
      )}
    </div>
  );
}
