import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Approval, Label, RuleView } from "#/core/api/schema";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { DeclareDialog } from "./DeclareDialog";
import { daysAfter, inYears } from "./days";
import { declareApproval } from "./queries";
import styles from "./Rule.module.css";
import { useDays } from "./useDays";
import { useDeclaring } from "./useDeclaring";

type DialogProps = {
  rule: RuleView;
  /** The review of the one in force, or the one that is to follow. */
  review: boolean;
  opened: boolean;
  onClose: () => void;
};

const YEARS_MOST = 3;

/** What the instance was approved to hold, and its yearly review. */
export function ApprovalDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

/** What the form begins with: for a review what stands; else what is to follow, from the day after what stands. */
function beginning(rule: RuleView, review: boolean): Approval {
  const { approval: stands, next_approval: next, today } = rule;
  if (review && stands) return { ...stands.approval, reviewed_on: today };
  if (next) return next.approval;
  const since = stands && stands.ends_on >= today ? daysAfter(stands.ends_on, 1) : today;
  return {
    authority: stands?.approval.authority ?? "",
    ceiling: stands?.approval.ceiling ?? "sensitive",
    since,
    until: inYears(since, YEARS_MOST),
    reviewed_on: null,
  };
}

function Form({ rule, review, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const days = useDays();
  const [first] = useState(() => beginning(rule, review));
  const [ceiling, setCeiling] = useState<Label>(first.ceiling);
  const needed = (text: string): string | null => (text.trim() ? null : t("form.missing"));
  const authority = useField(first.authority, (text) =>
    text.trim().length < 2 ? t("form.authorityMissing") : null,
  );
  const since = useField(first.since, needed);
  const until = useField(first.until, (text) => {
    if (!text) return t("form.missing");
    if (text < since.value) return t("form.beforeStart");
    return text > inYears(since.value, YEARS_MOST) ? t("approval.tooLong") : null;
  });
  const reviewed = useField(first.reviewed_on ?? "", (text) => {
    if (!text) return null;
    return text > rule.today || text < since.value ? t("approval.reviewWrong") : null;
  });
  const declaring = useDeclaring(declareApproval, rule, "approval", onClose);
  const fields = [authority, since, until, reviewed];
  const approval: Approval = {
    authority: authority.value.trim(),
    ceiling,
    since: since.value,
    until: until.value,
    reviewed_on: reviewed.value || null,
  };
  const submit = (): void => {
    if (fields.map((field) => field.check()).every(Boolean)) declaring.submit(approval);
  };
  // Who approved it changes no label: what would follow is shown before they are named.
  const said = [since, until, reviewed].every((field) => field.wrong === null);
  const stands = rule.approval;
  const ahead = since.value > rule.today;
  return (
    <DeclareDialog
      title={t(review ? "approval.reviewing" : "approval.declare")}
      opened={opened}
      {...declaring}
      trial={said ? { approval: { ...approval, authority: approval.authority.padEnd(2, "–") } } : null}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField {...authority.input} label={t("approval.authority")} hint={t("approval.authorityHint")} />
      <Choice
        spaced
        legend={t("approval.ceiling")}
        value={ceiling}
        onChange={setCeiling}
        options={LABELS.map((value) => ({
          value,
          label: ui(`label.${value}`),
          icon: LABEL_ICON[value],
          tone: value,
        }))}
      />
      <div className={styles.pair}>
        <TextField {...since.input} type="date" label={t("approval.since")} />
        <TextField {...until.input} type="date" label={t("approval.until")} hint={t("approval.untilHint")} />
      </div>
      <TextField
        {...reviewed.input}
        type="date"
        label={t("approval.reviewed")}
        hint={t("approval.reviewedHint")}
        optional
        max={rule.today}
      />
      {said && ahead && (
        <p className={styles.note}>
          {stands && stands.approval.since <= rule.today && stands.ends_on >= rule.today
            ? t("approval.ahead", { since: days(since.value) })
            : t("approval.aheadAlone", { since: days(since.value) })}
        </p>
      )}
    </DeclareDialog>
  );
}
