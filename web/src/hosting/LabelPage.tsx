import { Link, useParams } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { useMe } from "#/core/session/useMe";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { EmptyState } from "#/ui/state/EmptyState";
import { Holds } from "./Holds";
import { useRule } from "./queries";
import styles from "./Rule.module.css";
import { StateMark } from "./StateMark";

const PARTS = ["holds", "who", "how", "change"] as const;

/** What a label means: what goes into its spaces, who comes in, what the house does and does not do. */
export function LabelPage(): ReactElement {
  const { label: asked } = useParams({ from: "/house/labels/$label" });
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const label = LABELS.find((one) => one === asked);
  useDocumentTitle(label ? t("label.title", { label: ui(`label.${label}`) }) : t("title"));
  if (!label) return <EmptyState whole text={t("label.unknown")} />;
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <h1 className={styles.title}>{t("label.title", { label: ui(`label.${label}`) })}</h1>
        <p className={styles.about}>
          <LabelPill label={label} /> {t(`label.${label}.short`)}
        </p>
        {PARTS.map((part) => (
          <section key={part} className={styles.section}>
            <h2 className={styles.heading}>{t(`label.${part}`)}</h2>
            <p>{t(`label.${label}.${part}`)}</p>
          </section>
        ))}
        <Today label={label} />
        <nav className={styles.section} aria-label={t("label.others")}>
          <h2 className={styles.heading}>{t("label.others")}</h2>
          <ul>
            {LABELS.filter((one) => one !== label).map((one) => (
              <li key={one} className={styles.item}>
                <Link to="/labels/$label" params={{ label: one }}>
                  {ui(`label.${one}`)}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      </div>
    </div>
  );
}

function Today({ label }: { label: (typeof LABELS)[number] }): ReactElement | null {
  const { t } = useTranslation("rule");
  const { abilities } = useMe();
  const { data } = useRule(abilities.includes("hosting:declaration:read"));
  const holding = data?.holdings.find((one) => one.label === label);
  if (!data || !holding) return null;
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{t("label.today")}</h2>
      <p>
        <StateMark state={holding.state} />
      </p>
      <Holds holding={holding} rule={data} declares={abilities.includes("hosting:declaration:make")} />
      <p>
        <Link to="/rule">{t("label.toRule")}</Link>
      </p>
    </section>
  );
}
