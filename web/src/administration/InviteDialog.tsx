import { type FormEvent, type ReactElement, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { addressFits } from "#/app/pages/firstForm";
import { ProblemError } from "#/core/api/errors";
import type { Issued } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { Dialog } from "#/ui/layer/Dialog";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "./Administration.module.css";
import { inviteAgent } from "./queries";

/** Invites one agent; the mail's text comes next. */
export function InviteDialog({
  onClose,
  onIssued,
}: {
  onClose: () => void;
  onIssued: (issued: Issued) => void;
}): ReactElement {
  const { t } = useTranslation("guests");
  const { t: app } = useTranslation();
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const needed = (text: string): string | null => (text.trim() === "" ? t("panel.needed") : null);
  const email = useField(
    "",
    (text) => needed(text) ?? (addressFits(text) ? null : app("signIn.addressWrong")),
  );
  const given = useField("", needed);
  const family = useField("", needed);
  const job = useField("", () => null);
  const service = useField("", () => null);
  const invite = useAct(inviteAgent);
  const { error } = invite;
  const atAddress = error instanceof ProblemError && error.details.field === "email";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (invite.isPending) return;
    if (![email, given, family].map((field) => field.check()).every(Boolean)) {
      form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
      return;
    }
    invite.mutate(
      {
        email: email.value.trim(),
        given_name: given.value.trim(),
        family_name: family.value.trim(),
        function: job.value.trim(),
        service: service.value.trim(),
      },
      { onSuccess: onIssued },
    );
  };
  return (
    <Dialog
      opened
      title={t("admin.invite")}
      width={520}
      onClose={onClose}
      actions={
        <>
          <Button variant="plain" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button variant="primary" type="submit" form={id} busy={invite.isPending}>
            {t("panel.submit")}
          </Button>
        </>
      }
    >
      <form id={id} ref={form} className={styles.form} noValidate onSubmit={submit}>
        <TextField
          {...email.input}
          error={email.error ?? (atAddress && error ? sentence(error) : null)}
          label={t("panel.email")}
          type="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <div className={styles.pair}>
          <TextField {...given.input} label={t("panel.given")} autoComplete="off" />
          <TextField {...family.input} label={t("panel.family")} autoComplete="off" />
        </div>
        <TextField {...job.input} label={t("admin.function")} optional autoComplete="off" />
        <TextField
          {...service.input}
          label={t("admin.service")}
          hint={t("admin.serviceHint")}
          optional
          autoComplete="off"
        />
        {error && !atAddress && <FormProblem text={sentence(error)} />}
      </form>
    </Dialog>
  );
}
