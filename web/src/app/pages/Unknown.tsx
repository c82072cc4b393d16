import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "#/ui/control/Button";
import { useDocumentTitle } from "../shell/useDocumentTitle";
import styles from "./Alone.module.css";

/** An address at which there is nothing, or nothing for this person: the two look the same on purpose. */
export function Unknown({ inside }: { inside?: boolean }): ReactElement {
  const { t } = useTranslation();
  useDocumentTitle(t("titles.unknown"));
  // Inside the frame the sheet is the page's `main` already.
  const Whole = inside ? "div" : "main";
  return (
    <Whole className={styles.page}>
      <h1 className={styles.title}>{t("unknown.title")}</h1>
      <p className={styles.text}>{t("unknown.text")}</p>
      <ButtonLink to="/" variant="primary">
        {t("unknown.action")}
      </ButtonLink>
    </Whole>
  );
}
