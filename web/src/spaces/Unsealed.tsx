import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Label } from "#/core/api/schema";
import { Tip } from "#/ui/control/Tip";
import { IconEye } from "#/ui/icon";
import { LABELS } from "#/ui/mark/LabelPill";
import styles from "./Unsealed.module.css";

/** Until sealing exists, whoever hosts the server can read what lies in a space: said of those above internal. */
export const isUnsealed = (label: Label): boolean => LABELS.indexOf(label) > LABELS.indexOf("internal");

/** « Non scellé : l'hébergeur peut lire », with a word that explains; nothing for a space up to internal. */
export function Unsealed({
  label,
  side = "top",
}: {
  label: Label;
  side?: "top" | "bottom";
}): ReactElement | null {
  const { t } = useTranslation("refusals");
  if (!isUnsealed(label)) return null;
  return (
    <Tip label={t("unsealed.what")} side={side} long>
      <button type="button" className={styles.mark} aria-description={t("unsealed.what")}>
        <IconEye size={16} />
        <span className={styles.words}>{t("unsealed.line")}</span>
      </button>
    </Tip>
  );
}
