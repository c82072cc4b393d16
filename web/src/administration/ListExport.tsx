import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { IconDownloadSimple } from "#/ui/icon";
import styles from "./Administration.module.css";
import { useAdministration } from "./session/useAdministration";

/** Takes a whole list away as a CSV file, in the window's language; only in administration. */
export function ListExport({
  of,
  children,
}: {
  of: "people" | "spaces";
  children: string;
}): ReactElement | null {
  const { i18n } = useTranslation();
  const { inside } = useAdministration();
  if (!inside) return null;
  const language = i18n.language === "en" ? "en" : "fr";
  return (
    <a className={styles.export} href={`/api/administration/${of}/export?language=${language}`} download>
      <IconDownloadSimple size={18} />
      {children}
    </a>
  );
}
