import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../cx";
import { type Icon, IconBuildings, IconGlobe, IconHandPalm, IconShield } from "../icon";
import styles from "./LabelPill.module.css";

/** The sensitivity of a space, from the most open to the most closed. */
export const LABELS = ["public", "internal", "sensitive", "restricted"] as const;
export type Label = (typeof LABELS)[number];

export const LABEL_ICON: Record<Label, Icon> = {
  public: IconGlobe,
  internal: IconBuildings,
  sensitive: IconShield,
  restricted: IconHandPalm,
};

/** The label of a space: always an icon and a word. `compact` keeps the icon alone to the eye, where room is short. */
export function LabelPill({ label, compact }: { label: Label; compact?: boolean }): ReactElement {
  const { t } = useTranslation("ui");
  const Drawing = LABEL_ICON[label];
  return (
    <span className={cx(styles.pill, styles[label], compact && styles.compact)}>
      <Drawing size={15} />
      <span className={styles.word}>{t(`label.${label}`)}</span>
    </span>
  );
}
