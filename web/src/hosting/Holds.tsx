import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { LabelHolding, RuleView } from "#/core/api/schema";
import { LABELS } from "#/ui/mark/LabelPill";
import styles from "./Rule.module.css";
import { useDays } from "./useDays";

type HoldsProps = {
  holding: LabelHolding;
  /** What is declared: an open label names the approval as it stands there. */
  rule: Pick<RuleView, "approval">;
  /** Whether who reads may declare. */
  declares: boolean;
};

/** Why a label is as it is on this instance, until when, and what follows: the same lines wherever it is told. */
export function Holds({ holding, rule, declares }: HoldsProps): ReactElement {
  const { t } = useTranslation("rule");
  const days = useDays();
  const why = useWhy(rule);
  const { reason, until } = holding;
  const next = holding.then_state === "open" ? "open" : holding.then_reason;
  return (
    <>
      <p>
        {why(holding)}
        {reason === "review-missed" && (
          <>
            {" "}
            {declares ? (
              <Link to="/rule" hash="approval" className={styles.way}>
                {t("approval.reviewing")}
              </Link>
            ) : (
              t("approval.theirs")
            )}
          </>
        )}
      </p>
      {until && (
        <p className={styles.until}>
          {next
            ? t("untilThen", { until: days(until), next: t(`then.${next}` as "then.approval-expired") })
            : t("until", { until: days(until) })}
        </p>
      )}
    </>
  );
}

/** The reasons in words: of what is open all that had to say yes, in the rule's order. */
function useWhy({ approval: declared }: HoldsProps["rule"]): (holding: LabelHolding) => string {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  const one = (reason: string): string => {
    const ceiling = LABELS.find((label) => label === declared?.approval.ceiling);
    return t(`why.${reason}` as "why.approved", {
      label: ceiling ? ui(`label.${ceiling}`) : "",
      authority: declared?.approval.authority ?? "",
      until: declared ? days(declared.ends_on) : "",
    });
  };
  return ({ reason, also }) => [reason, ...also].map(one).join(" ");
}
