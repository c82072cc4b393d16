import { type FormEvent, type ReactElement, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { Button } from "#/ui/control/Button";
import { Dialog } from "#/ui/layer/Dialog";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "./Rule.module.css";

/** A declaration as a form: what it says of itself is that it is recorded under one's name, and checked by nobody. */
export function DeclareDialog({
  title,
  opened,
  busy,
  error,
  onClose,
  onSubmit,
  children,
}: {
  title: string;
  opened: boolean;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
  onSubmit: () => void;
  children: ReactNode;
}): ReactElement {
  const { t } = useTranslation("rule");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const form = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) onSubmit();
  };
  return (
    <Dialog
      title={title}
      opened={opened}
      onClose={onClose}
      width={560}
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button variant="primary" type="submit" form={form} busy={busy}>
            {t("declare.do")}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={submit} className={styles.form}>
        {children}
        <p className={styles.note}>{t("declare.recorded")}</p>
        {error && <FormProblem text={sentence(error)} />}
      </form>
    </Dialog>
  );
}
