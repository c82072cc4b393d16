import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Icon } from "../icon";
import { LABEL_ICON, type Label } from "../mark/LabelPill";
import styles from "./Refusal.module.css";

type Way = { icon: Icon } & (
  | { title: string; text: string; action?: ReactNode }
  /** Its words and its button marked `data-part`: what, how, action. */
  | { key: string; body: ReactNode }
);

/**
 * A refusal: what cannot be done and why, in the person's words; the name of the rule; then the ways that are
 * allowed. The words come from the policy's decision.
 */
export function Refusal({
  label = "sensitive",
  title,
  reason,
  rule,
  noted,
  read,
  ways,
}: {
  label?: Label;
  title: string;
  reason: string;
  /** The rule's name and who set it, in one sentence. */
  rule?: string | undefined;
  /** Says that the refusal is noted. */
  noted?: string | undefined;
  /** The link to where the rule is explained. */
  read?: ReactNode;
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
        {(rule || noted || read) && (
          <p className={styles.rule}>
            {[rule, noted].filter(Boolean).join(" ")} {read}
          </p>
        )}
      </div>
      {ways && ways.length > 0 && (
        <>
          <p className={styles.heading}>{t("refusal.ways")}</p>
          <ul className={styles.ways}>
            {ways.map((way) => (
              <li key={"key" in way ? way.key : way.title} className={styles.way}>
                <way.icon size={20} />
                {"body" in way ? (
                  <div>{way.body}</div>
                ) : (
                  <div>
                    <p data-part="what">{way.title}</p>
                    <p data-part="how">{way.text}</p>
                    {way.action && <div data-part="action">{way.action}</div>}
                  </div>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
