import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label, RuleView } from "#/core/api/schema";
import { useAct } from "#/core/useAct";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LABEL_ICON, LABELS } from "#/ui/mark/LabelPill";
import { DeclareDialog } from "./DeclareDialog";
import { inYears } from "./days";
import { declareApproval } from "./queries";
import styles from "./Rule.module.css";

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

const YEARS_MOST = 3;

/** What the instance was approved to hold, and its yearly review. */
export function ApprovalDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const stands = rule.approval?.approval;
  const [ceiling, setCeiling] = useState<Label>(stands?.ceiling ?? "sensitive");
  const needed = (text: string): string | null => (text.trim() ? null : t("form.missing"));
  const authority = useField(stands?.authority ?? "", (text) =>
    text.trim().length < 2 ? t("form.authorityMissing") : null,
  );
  const since = useField(stands?.since ?? rule.today, needed);
  const until = useField(stands?.until ?? inYears(rule.today, YEARS_MOST), (text) => {
    if (!text) return t("form.missing");
    if (text < since.value) return t("form.beforeStart");
    return text > inYears(since.value, YEARS_MOST) ? t("approval.tooLong") : null;
  });
  const reviewed = useField(stands?.reviewed_on ?? "", (text) => {
    if (!text) return null;
    return text > rule.today || text < since.value ? t("approval.reviewWrong") : null;
  });
  const declare = useAct(declareApproval);
  const submit = (): void => {
    if (![authority, since, until, reviewed].map((field) => field.check()).every(Boolean)) return;
    declare.mutate(
      {
        authority: authority.value.trim(),
        ceiling,
        since: since.value,
        until: until.value,
        reviewed_on: reviewed.value || null,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <DeclareDialog
      title={t("approval.declare")}
      opened={opened}
      busy={declare.isPending}
      error={declare.error}
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
    </DeclareDialog>
  );
}
