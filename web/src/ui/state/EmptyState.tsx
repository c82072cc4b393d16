import type { ReactElement, ReactNode } from "react";
import { cx } from "../cx";
import { Arcade } from "../mark/Arcade";
import styles from "./States.module.css";

/** An empty place: one sentence that says what it is for, and one action. `small`: a part of a page; `whole`: all of it. */
export function EmptyState({
  text,
  action,
  small,
  whole,
}: {
  text: string;
  action?: ReactNode;
  small?: boolean;
  /** It stands for the whole page, which has no other heading. */
  whole?: boolean;
}): ReactElement {
  const Sentence = whole ? "h1" : "p";
  return (
    <div className={cx(styles.state, small && styles.small)}>
      {!small && <Arcade />}
      <Sentence className={styles.purpose}>{text}</Sentence>
      {action}
    </div>
  );
}
