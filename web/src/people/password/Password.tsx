import { type FormEvent, type ReactElement, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { passwordMisses } from "#/app/pages/firstForm";
import { ProblemError } from "#/core/api/errors";
import { fullDate } from "#/core/format/time";
import { useFormat } from "#/core/format/useFormat";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { PasswordField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import styles from "../me/Me.module.css";
import { useConfirmed } from "../passkeys/useConfirmed";
import { useKeySentence } from "../passkeys/words";
import { changePassword, useOwnPassword } from "./queries";

/** One's own password: since when one has it, and choosing another one. */
export function Password(): ReactElement {
  const { t } = useTranslation("people");
  const format = useFormat();
  const own = useOwnPassword().data;
  const [changing, setChanging] = useState(false);
  const since = own?.changed_at && fullDate(Date.parse(own.changed_at), format.where);
  return (
    <section className={styles.section} aria-labelledby="password-title">
      <h2 id="password-title" className={styles.heading}>
        {t("password.title")}
      </h2>
      {since && (
        <p className={styles.about}>{t(own.by_link ? "password.byLink" : "password.since", { since })}</p>
      )}
      {changing ? (
        <Change onDone={() => setChanging(false)} />
      ) : (
        <Button onClick={() => setChanging(true)}>{t("password.change")}</Button>
      )}
    </section>
  );
}

function Change({ onDone }: { onDone: () => void }): ReactElement {
  const { t } = useTranslation("people");
  const { t: app } = useTranslation();
  const { t: ui } = useTranslation("ui");
  const toasts = useToasts();
  const words = useKeySentence();
  const me = useMe();
  // Who came by what guards the account may have forgotten the password that it replaces.
  const [forgot, setForgot] = useState(false);
  const { confirmed, dialog } = useConfirmed();
  const field = useRef<HTMLInputElement>(null);
  const present = useField("", (text) => (text === "" && !forgot ? app("signIn.passwordMissing") : null));
  const fresh = useField("", (text) => {
    const count = passwordMisses(text);
    return count > 0 ? app("first.passwordShort", { count }) : null;
  });
  const change = useAct(() =>
    confirmed(() => changePassword({ fresh: fresh.value, ...(!forgot && { present: present.value }) })),
  );
  const { error } = change;
  const atPresent = error instanceof ProblemError && error.details.field === "present";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending || ![present, fresh].map((one) => one.check()).every(Boolean)) return;
    change.mutate(undefined, {
      onSuccess: () => {
        toasts.show({ text: t("password.changed") });
        onDone();
      },
      onError: () => field.current?.select(),
    });
  };
  return (
    <>
      <form className={styles.form} noValidate onSubmit={submit}>
        {/* For managers of passwords: whose it is. */}
        <input type="email" autoComplete="username" value={me.profile.email} readOnly hidden />
        {!forgot && (
          <PasswordField
            {...present.input}
            ref={field}
            label={t("password.present")}
            error={present.error ?? (atPresent && error ? words(error) : null)}
            autoComplete="current-password"
          />
        )}
        <PasswordField
          {...fresh.input}
          label={t("password.fresh")}
          hint={app("first.passwordHint")}
          autoComplete="new-password"
        />
        <p className={styles.hint}>{t("password.others")}</p>
        {error && !atPresent && <FormProblem text={words(error)} />}
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {t("password.do")}
          </Button>
          <Button variant="plain" onClick={onDone}>
            {ui("cancel")}
          </Button>
          {me.passkeys > 0 && !forgot && (
            <Button variant="plain" onClick={() => setForgot(true)}>
              {t("password.forgot")}
            </Button>
          )}
        </div>
      </form>
      {dialog}
    </>
  );
}
