import type { ReactElement, ReactNode } from "react";
import type { Icon } from "../icon";
import styles from "./Withheld.module.css";

/** What one may do about it: the first is the one most will want, and its button says so. */
export type WithheldWay = { icon?: Icon } & (
  | { title: string; text: string; action?: ReactNode }
  /** Its words and its button marked `data-part`: what, how, action. */
  | { key: string; body: ReactNode }
);

/**
 * A place that a rule keeps closed for now, calmly: what is asked and why, what one may do, and who set the rule. It
 * stands where the content would; nothing has failed, so nothing is alarming.
 *
 * `note`: what happens to what is there meanwhile. `error`: why what one has just tried did not work.
 */
export function Withheld({
  icon: Drawing,
  title,
  text,
  note,
  action,
  error,
  ways,
  rule,
}: {
  icon: Icon;
  title: string;
  text: string;
  note?: string | undefined;
  action?: ReactNode;
  error?: ReactNode;
  ways?: readonly WithheldWay[];
  /** The rule's name and who set it, in one sentence. */
  rule?: ReactNode;
}): ReactElement {
  return (
    <section className={styles.place} aria-labelledby="withheld-title">
      <div className={styles.panel}>
        <span className={styles.mark}>
          <Drawing size={28} />
        </span>
        <h2 id="withheld-title" className={styles.title}>
          {title}
        </h2>
        <p className={styles.text}>{text}</p>
        {note && <p className={styles.text}>{note}</p>}
        {error}
        {action && <div className={styles.action}>{action}</div>}
        {ways && ways.length > 0 && (
          <ul className={styles.ways}>
            {ways.map((way) => (
              <li key={"key" in way ? way.key : way.title} className={styles.way}>
                {way.icon && <way.icon size={20} />}
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
        )}
        {rule && <p className={styles.rule}>{rule}</p>}
      </div>
    </section>
  );
}
