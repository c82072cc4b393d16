import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Label, RuleView } from "#/core/api/schema";
import { useAct } from "#/core/useAct";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LABEL_ICON } from "#/ui/mark/LabelPill";
import { DeclareDialog } from "./DeclareDialog";
import { declareException } from "./queries";
import styles from "./Rule.module.css";

// Restricted is never on a commercial cloud, whatever is granted.
const CEILINGS = ["public", "internal", "sensitive"] as const satisfies readonly Label[];

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

/** A dated leave from R9, granted by a named authority. */
export function ExceptionDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const [ceiling, setCeiling] = useState<Label>("sensitive");
  const authority = useField("", (text) => (text.trim().length < 2 ? t("form.authorityMissing") : null));
  const granted = useField(rule.today, (text) => {
    if (!text) return t("form.missing");
    return text > rule.today ? t("exception.notYet") : null;
  });
  const offer = useField("", () => null);
  const until = useField("", (text) => (text && text < granted.value ? t("form.beforeStart") : null));
  const declare = useAct(declareException);
  const submit = (): void => {
    if (![authority, granted, offer, until].map((field) => field.check()).every(Boolean)) return;
    declare.mutate(
      {
        authority: authority.value.trim(),
        granted_on: granted.value,
        ceiling,
        offer_on: offer.value || null,
        until: until.value || null,
      },
      { onSuccess: onClose },
    );
  };
  return (
    <DeclareDialog
      title={t("exception.declare")}
      opened={opened}
      busy={declare.isPending}
      error={declare.error}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField {...authority.input} label={t("exception.authority")} />
      <Choice
        spaced
        legend={t("exception.ceiling")}
        value={ceiling}
        onChange={setCeiling}
        options={CEILINGS.map((value) => ({
          value,
          label: ui(`label.${value}`),
          icon: LABEL_ICON[value],
          tone: value,
        }))}
      />
      <div className={styles.pair}>
        <TextField {...granted.input} type="date" label={t("exception.granted")} max={rule.today} />
        <TextField {...until.input} type="date" label={t("exception.until")} optional />
      </div>
      <TextField
        {...offer.input}
        type="date"
        label={t("exception.offer")}
        hint={t("exception.offerHint", {
          count: rule.reading.exception_months,
          source: rule.reading.exception_source,
        })}
        optional
      />
    </DeclareDialog>
  );
}
