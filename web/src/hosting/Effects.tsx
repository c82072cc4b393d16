import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LabelEffect } from "#/core/api/schema";
import { LabelPill } from "#/ui/mark/LabelPill";
import styles from "./Effects.module.css";
import { StateMark } from "./StateMark";
import { useDays } from "./useDays";

/** What a declaration changes, before it is made: day by day a line for each label, and how many spaces have it. */
export function Effects({
  effects,
  today,
}: {
  effects: readonly LabelEffect[];
  today: string;
}): ReactElement {
  const { t } = useTranslation("rule");
  const days = useDays();
  const since = [...new Set(effects.map((effect) => effect.since))];
  return (
    <section className={styles.effects} aria-label={t("effects.title")}>
      <h3 className={styles.heading}>{t("effects.title")}</h3>
      {effects.length === 0 && <p className={styles.none}>{t("effects.none")}</p>}
      {since.map((day) => (
        <div key={day} className={styles.day}>
          <p className={styles.when}>
            {day === today ? t("effects.now") : t("effects.from", { day: days(day) })}
          </p>
          <ul>
            {effects
              .filter((effect) => effect.since === day)
              .map((effect) => (
                <Effect key={effect.after.label} effect={effect} />
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Effect({ effect: { after, before, spaces, directs } }: { effect: LabelEffect }): ReactElement {
  const { t } = useTranslation("rule");
  return (
    <li className={styles.line}>
      <LabelPill label={after.label} />
      <span className={styles.states}>
        <StateMark state={before} />
        <span aria-hidden>→</span>
        <span className={styles.hidden}>{t("effects.becomes")}</span>
        <StateMark state={after.state} />
      </span>
      <span className={styles.spaces}>
        {t("effects.spaces", { count: spaces })}
        {directs > 0 && `, ${t("effects.directs", { count: directs })}`}
      </span>
    </li>
  );
}

/** How many spaces and conversations something takes away from, each counted once. */
export function lost(effects: readonly LabelEffect[]): { spaces: number; directs: number } {
  const labels = new Map(
    effects.filter(({ closes }) => closes).map((effect) => [effect.after.label, effect]),
  );
  const sum = (of: "spaces" | "directs"): number =>
    [...labels.values()].reduce((all, effect) => all + effect[of], 0);
  return { spaces: sum("spaces"), directs: sum("directs") };
}
