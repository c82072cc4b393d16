import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { HoldingState } from "#/core/api/schema";
import { type Icon, IconCheck, IconEye, IconLockSimple } from "#/ui/icon";
import styles from "./Rule.module.css";

const ICONS: Record<HoldingState, Icon> = { open: IconCheck, "read-only": IconEye, closed: IconLockSimple };

/** Whether spaces of a label are open, read-only or closed here: an icon and a word. */
export function StateMark({ state }: { state: HoldingState }): ReactElement {
  const { t } = useTranslation("rule");
  const Drawing = ICONS[state];
  return (
    <span className={styles.state} data-state={state}>
      <Drawing size={16} />
      {t(`state.${state}`)}
    </span>
  );
}
