import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "#/core/session/useMe";
import styles from "./Undeclared.module.css";
import { useAllClosed } from "./useAllClosed";

/**
 * On the first page, while everything is closed: because nobody said where the instance lies, or because of what was said.
 * Nothing is lost; and who opens it, or where it is explained.
 */
export function UndeclaredLine(): ReactElement | null {
  const { t } = useTranslation("rule");
  const { abilities } = useMe();
  const reason = useAllClosed();
  if (reason === null) return null;
  const undeclared = reason === "undeclared";
  const declares = abilities.includes("hosting:declaration:make");
  const text = undeclared
    ? t(declares ? "undeclared.yours" : "undeclared.theirs")
    : t("undeclared.closed", { why: t(`why.${reason}` as "why.commercial-cloud") });
  return (
    <div className={styles.line} role="note">
      <p className={styles.text}>{text}</p>
      {/* Whoever declares has it as their first step, just below. */}
      {!(declares && undeclared) && abilities.includes("hosting:declaration:read") && (
        <Link to="/rule" className={styles.link}>
          {t("undeclared.look")}
        </Link>
      )}
    </div>
  );
}
