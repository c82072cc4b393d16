import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { badge } from "#/core/format/figures";
import styles from "./Marks.module.css";

/** What is unread: a figure for what concerns the person by name, a dot for the rest; nothing for nothing. */
export function UnreadMark({ count, some }: { count: number; some?: boolean }): ReactElement | null {
  const { t } = useTranslation("ui");
  if (count > 0) {
    return (
      <span className={styles.badge}>
        <span aria-hidden="true">{badge(count)}</span>
        <span className={styles.said}>{t("unread", { count })}</span>
      </span>
    );
  }
  if (some) {
    return (
      <span className={styles.dot}>
        <span className={styles.said}>{t("unreadSome")}</span>
      </span>
    );
  }
  return null;
}

/** Between two days: the day's name on a hairline. */
export function DaySeparator({ children }: { children: ReactNode }): ReactElement {
  return (
    <div className={styles.day}>
      <span>{children}</span>
    </div>
  );
}

/** Where what one has not read begins. */
export function NewLine(): ReactElement {
  const { t } = useTranslation("ui");
  return (
    <div className={styles.new}>
      <span>{t("newMessages")}</span>
    </div>
  );
}

/** A time or a figure: tabular, quiet. `full` is the whole date, on hover. */
export function Time({
  at,
  full,
  children,
}: {
  at: number;
  full?: string;
  children: ReactNode;
}): ReactElement {
  return (
    <time className={styles.time} dateTime={new Date(at).toISOString()} title={full}>
      {children}
    </time>
  );
}
