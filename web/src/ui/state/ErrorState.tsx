import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../control/Button";
import { cx } from "../cx";
import { IconArrowClockwise } from "../icon";
import styles from "./States.module.css";

/** Something failed: what happened, what is safe, and what to do. */
export function ErrorState({
  title,
  text,
  onRetry,
  retryLabel,
  small,
}: {
  title: string;
  text: string;
  onRetry?: (() => void) | undefined;
  retryLabel?: string;
  small?: boolean;
}): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <div className={cx(styles.state, small && styles.small)} role="alert">
      <p className={styles.happened}>{title}</p>
      <p className={styles.safe}>{text}</p>
      {onRetry && (
        <Button icon={IconArrowClockwise} onClick={onRetry}>
          {retryLabel ?? t("retry")}
        </Button>
      )}
    </div>
  );
}
