import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HostingException, Label, RuleView } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LABEL_ICON } from "#/ui/mark/LabelPill";
import { DeclareDialog } from "./DeclareDialog";
import { monthsAfter } from "./days";
import { declareException } from "./queries";
import styles from "./Rule.module.css";
import { useDays } from "./useDays";

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
  const days = useDays();
  const sentence = useSentence();
  const [ceiling, setCeiling] = useState<Label>("sensitive");
  const authority = useField("", (text) => (text.trim().length < 2 ? t("form.authorityMissing") : null));
  const { granted_months: most, exception_months: months, exception_source: source } = rule.reading;
  const offer = useField("", (text) => {
    if (text > rule.today) return t("offer.notYet");
    return text && monthsAfter(text, months) < granted.value ? t("exception.over") : null;
  });
  const granted = useField(rule.today, (text) => {
    if (!text) return t("form.missing");
    if (text > rule.today) return t("exception.notYet");
    const known = rule.offer?.since;
    return known && monthsAfter(known, months) < text ? t("exception.over") : null;
  });
  const until = useField("", (text) => {
    if (!text) return null;
    if (text < granted.value) return t("form.beforeStart");
    return text > monthsAfter(granted.value, most) ? t("exception.tooLong", { count: most }) : null;
  });
  const declare = useAct(declareException);
  const fields = [authority, granted, offer, until];
  const exception: HostingException = {
    authority: authority.value.trim(),
    granted_on: granted.value,
    ceiling,
    offer_on: offer.value || null,
    until: until.value || null,
  };
  const submit = (): void => {
    if (fields.map((field) => field.check()).every(Boolean))
      declare.mutate(exception, { onSuccess: onClose });
  };
  // Who grants it changes no label: what would follow is shown before they are named.
  const said = [granted, offer, until].every((field) => field.wrong === null);
  return (
    <DeclareDialog
      title={t("exception.declare")}
      opened={opened}
      busy={declare.isPending}
      problem={declare.error && sentence(declare.error)}
      trial={said ? { exception: { ...exception, authority: exception.authority.padEnd(2, "–") } } : null}
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
        <TextField
          {...until.input}
          type="date"
          label={t("exception.until")}
          hint={t("exception.untilHint", { count: most })}
          optional
        />
      </div>
      {rule.offer ? (
        <p className={styles.note}>
          {t("offer.binds", { since: days(rule.offer.since), count: months, source })}
        </p>
      ) : (
        <TextField
          {...offer.input}
          type="date"
          label={t("exception.offer")}
          hint={t("exception.offerHint", { count: months, source })}
          optional
          max={rule.today}
        />
      )}
    </DeclareDialog>
  );
}
