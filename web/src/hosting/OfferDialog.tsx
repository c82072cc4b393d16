import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { RuleView } from "#/core/api/schema";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { DeclareDialog } from "./DeclareDialog";
import { declareOffer } from "./queries";
import { useDeclaring } from "./useDeclaring";

type DialogProps = { rule: RuleView; opened: boolean; onClose: () => void };

/** Since when an acceptable offer exists: a fact of the instance, which ends every exception. */
export function OfferDialog(props: DialogProps): ReactElement {
  return <Form key={String(props.opened)} {...props} />;
}

function Form({ rule, opened, onClose }: DialogProps): ReactElement {
  const { t } = useTranslation("rule");
  const since = useField(rule.offer?.since ?? rule.today, (text) => {
    if (!text) return t("form.missing");
    return text > rule.today ? t("offer.notYet") : null;
  });
  const declaring = useDeclaring(declareOffer, rule, "offer", onClose);
  const { exception_months: count, exception_source: source } = rule.reading;
  return (
    <DeclareDialog
      title={t("offer.declare")}
      opened={opened}
      {...declaring}
      trial={since.wrong ? null : { offer: { since: since.value } }}
      onClose={onClose}
      onSubmit={() => since.check() && declaring.submit(since.value)}
    >
      <TextField
        {...since.input}
        type="date"
        label={t("exception.offer")}
        hint={t("offer.hint", { count, source })}
        max={rule.today}
      />
    </DeclareDialog>
  );
}
