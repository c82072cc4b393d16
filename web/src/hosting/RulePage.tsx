import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { ProblemError } from "#/core/api/errors";
import type { LabelHolding, RuleView } from "#/core/api/schema";
import { useFailure } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { LABELS, LabelPill } from "#/ui/mark/LabelPill";
import { ErrorState } from "#/ui/state/ErrorState";
import { Refusal } from "#/ui/state/Refusal";
import { RowBones } from "#/ui/state/Skeleton";
import { Declarations } from "./Declarations";
import { Holds } from "./Holds";
import { useIsDemo, useRule } from "./queries";
import styles from "./Rule.module.css";
import { StateMark } from "./StateMark";
import { useDays } from "./useDays";

/** What this instance may hold, label by label, why, and what ends when; security officers declare it here. */
export function RulePage(): ReactElement {
  const { t } = useTranslation("rule");
  const failure = useFailure();
  const reads = useMe().abilities.includes("hosting:declaration:read");
  const { data, error, refetch } = useRule(reads);
  useDocumentTitle(t("title"));
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <h1 className={styles.title}>{t("title")}</h1>
        {!reads || isRefusal(error) ? (
          <NotYours />
        ) : data ? (
          <Rule rule={data} />
        ) : error ? (
          <ErrorState {...failure(error)} onRetry={() => void refetch()} />
        ) : (
          <RowBones />
        )}
      </div>
    </div>
  );
}

/** Who is refused a thing is told so by the rule that does, and is shown what they may read instead. */
function NotYours(): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const { t: refusals } = useTranslation("refusals");
  return (
    <>
      <Refusal
        label="internal"
        title={t("notYours")}
        reason={`${refusals("why.not-for-guests")} ${t("notYoursAsk")}`}
        rule={refusals("by.bastide", { rule: refusals("rule.actor") })}
      />
      <section className={styles.section} aria-labelledby="rule-labels">
        <h2 className={styles.heading} id="rule-labels">
          {t("label.each")}
        </h2>
        <ul>
          {LABELS.map((label) => (
            <li key={label} className={styles.item}>
              <Link to="/labels/$label" params={{ label }}>
                {ui(`label.${label}`)}
              </Link>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

const isRefusal = (error: unknown): boolean =>
  error instanceof ProblemError && error.details.code === "refused";

function Rule({ rule }: { rule: RuleView }): ReactElement {
  const { t } = useTranslation("rule");
  const declares = useMe().abilities.includes("hosting:declaration:make");
  const days = useDays();
  const demo = useIsDemo();
  return (
    <>
      <p className={styles.about}>{t("about", { today: days(rule.today) })}</p>
      {(demo || rule.fictitious) && (
        <p className={styles.fictitious}>
          {[demo && t("demo"), rule.fictitious && t("fictitious")].filter(Boolean).join(" ")}
        </p>
      )}
      <section className={styles.section} aria-labelledby="rule-labels">
        <h2 className={styles.heading} id="rule-labels">
          {t("labels")}
        </h2>
        <ul className={styles.labels}>
          {rule.holdings.map((holding) => (
            <Holding key={holding.label} holding={holding} rule={rule} declares={declares} />
          ))}
        </ul>
      </section>
      <Declarations rule={rule} declares={declares} />
    </>
  );
}

function Holding({
  holding,
  rule,
  declares,
}: {
  holding: LabelHolding;
  rule: RuleView;
  declares: boolean;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { label, state } = holding;
  return (
    <li className={styles.label}>
      <div className={styles.labelHead}>
        <LabelPill label={label} />
        <StateMark state={state} />
        <Link to="/labels/$label" params={{ label }} className={styles.more}>
          {t("whatIsIt")}
        </Link>
      </div>
      <Holds holding={holding} rule={rule} declares={declares} />
    </li>
  );
}
