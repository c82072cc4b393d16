import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Icon } from "../icon";
import { LABEL_ICON, type Label } from "../mark/LabelPill";
import styles from "./Refusal.module.css";

type Way = { icon: Icon; title: string; text: string; action?: ReactNode };

/**
 * A refusal: what cannot be done and why, in the person's words; the name of the rule; then the ways that are
 * allowed. The words come from the policy's decision.
 */
export function Refusal({
  label = "sensitive",
  title,
  reason,
  rule,
  recorded,
  ways,
}: {
  label?: Label;
  title: string;
  reason: string;
  rule?: string | undefined;
  /** Says that the refusal is noted in the journal. */
  recorded?: boolean;
  ways?: readonly Way[];
}): ReactElement {
  const { t } = useTranslation("ui");
  const Drawing = LABEL_ICON[label];
  return (
    <div className={styles.refusal}>
      <div className={styles.box} role="alert">
        <p className={styles.title}>
          <Drawing size={18} />
          <span>{title}</span>
        </p>
        <p>{reason}</p>
        {(rule || recorded) && (
          <p className={styles.rule}>
            {rule && t("refusal.rule", { rule })} {recorded && t("refusal.recorded")}
          </p>
        )}
      </div>
      {ways && ways.length > 0 && (
        <>
          <p className={styles.heading}>{t("refusal.ways")}</p>
          <ul className={styles.ways}>
            {ways.map(({ icon: WayIcon, title: what, text, action }) => (
              <li key={what} className={styles.way}>
                <WayIcon size={20} />
                <div>
                  <p className={styles.what}>{what}</p>
                  <p className={styles.how}>{text}</p>
                  {action && <div className={styles.action}>{action}</div>}
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
