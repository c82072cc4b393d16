import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../control/Button";
import { cx } from "../cx";
import { IconArrowClockwise } from "../icon";
import styles from "./States.module.css";

/** Something failed: what happened, what is safe, and what to do. `small`: a part of a page; `whole`: all of it. */
export function ErrorState({
  title,
  text,
  onRetry,
  retryLabel,
  small,
  whole,
}: {
  title: string;
  text: string;
  onRetry?: (() => void) | undefined;
  retryLabel?: string;
  small?: boolean;
  whole?: boolean;
}): ReactElement {
  const { t } = useTranslation("ui");
  const Title = whole ? "h1" : "p";
  return (
    <div className={cx(styles.state, small && styles.small)} role="alert">
      <Title className={styles.happened}>{title}</Title>
      <p className={styles.safe}>{text}</p>
      {onRetry && (
        <Button icon={IconArrowClockwise} onClick={onRetry}>
          {retryLabel ?? t("retry")}
        </Button>
      )}
    </div>
  );
}
