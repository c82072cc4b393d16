import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useHouse } from "#/core/journal/live";
import { useMe } from "#/core/session/useMe";
import { useRule } from "#/hosting/queries";
import { ButtonLink } from "#/ui/control/Button";
import { IconCheck } from "#/ui/icon";
import styles from "./Administration.module.css";
import { opensSome } from "./opened";
import { usePeopleCounts } from "./queries";
import { useAdministration } from "./session/useAdministration";

/** What opens a new house, on its administrator's Place until all of it is done. */
export function FirstSteps(): ReactElement | null {
  const { t } = useTranslation("guests");
  const me = useMe();
  const mine = me.abilities.includes("people:agent:invite");
  const { inside } = useAdministration();
  const counts = usePeopleCounts(mine && inside);
  const { data: rule } = useRule(mine);
  const lived = useHouse((house) => Object.keys(house.spaces).length > 0);
  if (!mine || (inside && !counts) || !rule) return null;
  // Declared is not opened: what is declared of the hosting may close every space.
  const declared = rule.profile !== null;
  const hosted = opensSome(rule);
  // Outside administration nobody counts people: where work goes on, somebody is here.
  const peopled = counts ? counts.agents > 1 || counts.pending > 0 : lived;
  // Where people work already, what closed their spaces is told above, and is no first step.
  if (peopled && (hosted || (declared && lived))) return null;
  return (
    <section className={styles.steps} aria-labelledby="first-steps">
      <h2 id="first-steps" className={styles.heading}>
        {t("steps.title")}
      </h2>
      <p className={styles.quiet}>{t("steps.text")}</p>
      <ol>
        <Step done title={t("steps.organisation")}>
          {t("steps.organisationDone", { name: me.profile.organisation.name })}
        </Step>
        <Step
          number={2}
          done={hosted}
          title={t("steps.hosting")}
          action={
            <ButtonLink to="/rule" variant="primary">
              {t(declared ? "steps.hostingReview" : "steps.hostingAction")}
            </ButtonLink>
          }
        >
          {t(hosted ? "steps.hostingDone" : declared ? "steps.hostingCloses" : "steps.hostingText")}
          {hosted && rule.approval === null && rule.next_approval === null && (
            <>
              {" "}
              {t("steps.approval")} <Link to="/rule">{t("steps.approvalAction")}</Link>
            </>
          )}
        </Step>
        <Step
          number={3}
          done={peopled}
          title={t("steps.people")}
          action={
            <ButtonLink to="/administration/people" {...(hosted && { variant: "primary" })}>
              {t("steps.peopleAction")}
            </ButtonLink>
          }
        >
          {t(peopled ? "steps.peopleDone" : "steps.peopleText")}
        </Step>
      </ol>
    </section>
  );
}

function Step({
  number,
  done,
  title,
  action,
  children,
}: {
  number?: number;
  done: boolean;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}): ReactElement {
  const { t } = useTranslation("guests");
  return (
    <li className={styles.step} data-done={done || undefined}>
      <span className={styles.number}>{done ? <IconCheck size={16} label={t("steps.done")} /> : number}</span>
      <div className={styles.what}>
        <p className={styles.name}>{title}</p>
        <p className={styles.quiet}>{children}</p>
      </div>
      {!done && action}
    </li>
  );
}
