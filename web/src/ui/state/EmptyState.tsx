import type { ReactElement, ReactNode } from "react";
import { cx } from "../cx";
import { Arcade } from "../mark/Arcade";
import styles from "./States.module.css";

/** An empty place: one sentence that says what it is for, and one action. `small` for a part of a page. */
export function EmptyState({
  text,
  action,
  small,
}: {
  text: string;
  action?: ReactNode;
  small?: boolean;
}): ReactElement {
  return (
    <div className={cx(styles.state, small && styles.small)}>
      {!small && <Arcade />}
      <p className={styles.purpose}>{text}</p>
      {action}
    </div>
  );
}
