import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useAuthor } from "../useAuthor";
import styles from "./MessageList.module.css";
import type { Shown } from "./shown";

const NEWS_MOST = 3;

/** What others say while one is here, said to readers without moving them. */
export function News({ entries, me }: { entries: readonly Shown[]; me: string }): ReactElement {
  const { t } = useTranslation("chat");
  const known = useRef<number | null>(null);
  const [news, setNews] = useState<readonly Shown[]>([]);
  useEffect(() => {
    const newest = entries.findLast(({ ordinal }) => ordinal !== null)?.ordinal ?? 0;
    const before = known.current;
    known.current = Math.max(before ?? newest, newest);
    if (before === null || newest <= before) return;
    // A page that comes from further down is no news: what is news comes one after the other.
    const fresh = entries.filter(
      ({ ordinal, authorId, deleted }) => ordinal !== null && ordinal > before && authorId !== me && !deleted,
    );
    if (fresh.length > 0 && fresh.length <= NEWS_MOST) setNews((all) => [...all, ...fresh].slice(-NEWS_MOST));
  }, [entries, me]);
  return (
    <div className={styles.said} role="log" aria-live="polite" aria-label={t("list.news")}>
      {news.map((shown) => (
        <NewsLine key={shown.key} shown={shown} />
      ))}
    </div>
  );
}

function NewsLine({ shown }: { shown: Shown }): ReactElement {
  const { t } = useTranslation("chat");
  const { name } = useAuthor(shown.authorId).face;
  const text = shown.text || t("line.files", { count: shown.files.length });
  return <p>{t("list.said", { name, text })}</p>;
}
