import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { words } from "#/core/api/content";
import type { LabelBook, LabelChangeView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { LABELS } from "#/ui/mark/LabelPill";
import styles from "./Labels.module.css";
import { useWho } from "./useWho";

/** What was done to the label before, with the reasons: folded away until somebody asks. */
export function Changes({ book }: { book: LabelBook }): ReactElement | null {
  const { t } = useTranslation("labels");
  const { t: ui } = useTranslation("ui");
  const format = useFormat();
  const who = useWho(book);
  if (book.changes.length === 0) return null;
  const what = (change: LabelChangeView): string => {
    const both = { before: ui(`label.${change.before}`), after: ui(`label.${change.after}`) };
    if (change.state !== "done") return t("changes.dropped", both);
    const up = LABELS.indexOf(change.after) > LABELS.indexOf(change.before);
    return t(up ? "changes.raised" : "changes.lowered", both);
  };
  const by = (change: LabelChangeView): string => {
    const name = who(change.made_by);
    const other = who(change.settled_by);
    const at = format.dayAndTime(Date.parse(change.settled_at ?? change.made_at));
    switch (change.state) {
      case "withdrawn":
        return t("changes.withdrawn", { name, other, at });
      case "expired":
        return t("changes.expired", { name, at });
      case "overtaken":
        return t("changes.overtaken", { name, at });
      default:
        return change.settled_by === change.made_by
          ? t("changes.by", { name, at })
          : t("changes.byTwo", { name, other, at });
    }
  };
  return (
    <details className={styles.changes}>
      <summary>{t("changes.title")}</summary>
      <ul>
        {book.changes.map((change) => (
          <li key={change.id} className={styles.change}>
            <p>{what(change)}</p>
            <p className={styles.by}>{by(change)}</p>
            {change.reason && (
              <blockquote className={styles.reason} lang="">
                {words(change.reason)}
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
