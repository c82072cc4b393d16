import { type FormEvent, type ReactElement, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemError } from "#/core/api/errors";
import { KeyError } from "#/core/passkeys/ceremony";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { PasswordField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconFingerprint } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { FormProblem } from "#/ui/state/FormProblem";
import { confirmByPasskey, confirmByPassword } from "./acts";
import styles from "./Passkeys.module.css";
import { useKeySentence } from "./words";

type By = "passkey" | "password" | "sign-in";
type Asking = { readonly by: By; readonly done: () => void; readonly given: () => void };

export type Confirmed = {
  /** Does something that guards the account, after its person has proved again who they are, where the server asks. */
  readonly confirmed: <Done>(act: () => Promise<Done>) => Promise<Done>;
  /** To be shown somewhere on the page. */
  readonly dialog: ReactNode;
};

/** The proof that the server asks for; null when it asks for none. */
export function askedFor(error: unknown): By | null {
  if (!(error instanceof ProblemError) || error.code !== "confirmation-needed") return null;
  const { reason } = error.details;
  return reason === "passkey" || reason === "password" ? reason : "sign-in";
}

/** For what guards the account: the server may first ask for the passkey, or for the password. */
export function useConfirmed(): Confirmed {
  const [asking, setAsking] = useState<Asking | null>(null);
  const confirmed = async <Done,>(act: () => Promise<Done>): Promise<Done> => {
    try {
      return await act();
    } catch (error) {
      const by = askedFor(error);
      if (!by) throw error;
      const proved = await new Promise<boolean>((resolve) => {
        setAsking({ by, done: () => resolve(true), given: () => resolve(false) });
      });
      setAsking(null);
      if (!proved) throw new KeyError("cancelled");
      return act();
    }
  };
  return { confirmed, dialog: asking && <ProofDialog {...asking} /> };
}

/** Asks somebody to prove again who they are, and why; `then` is done with the proof, before it counts as given. */
export function ProofDialog({
  by,
  title,
  about,
  act,
  then,
  done,
  given,
}: Asking & {
  title?: string;
  about?: (by: By) => string;
  act?: string;
  then?: () => Promise<unknown>;
}): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const words = useKeySentence();
  const { email } = useMe().profile;
  const field = useRef<HTMLInputElement>(null);
  const password = useField("", (value) => (value === "" ? t("passkeys.confirm.missing") : null));
  const byPassword = useAct(async () => {
    await confirmByPassword(password.value);
    await then?.();
  });
  const byPasskey = useAct(async () => {
    await confirmByPasskey();
    await then?.();
  });
  const error = byPassword.error ?? byPasskey.error;

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (byPassword.isPending || byPasskey.isPending) return;
    if (by === "passkey") byPasskey.mutate(undefined, { onSuccess: done });
    else if (password.check())
      byPassword.mutate(undefined, { onSuccess: done, onError: () => field.current?.select() });
  };
  return (
    <Dialog title={title ?? t("passkeys.confirm.title")} opened onClose={given} width={440}>
      <form className={styles.confirm} noValidate onSubmit={submit}>
        <p>{about?.(by) ?? t(`passkeys.confirm.${by}`)}</p>
        {by === "password" && (
          <>
            {/* Password managers look for whose password it is. */}
            <input type="email" autoComplete="username" value={email} readOnly hidden />
            <PasswordField
              {...password.input}
              ref={field}
              label={t("passkeys.confirm.field")}
              autoComplete="current-password"
              data-autofocus
            />
          </>
        )}
        {error && <FormProblem text={words(error)} />}
        <div className={styles.foot}>
          <Button variant="plain" onClick={given}>
            {ui(by === "sign-in" ? "close" : "cancel")}
          </Button>
          {by !== "sign-in" && (
            <Button
              type="submit"
              variant="primary"
              busy={byPassword.isPending || byPasskey.isPending}
              {...(by === "passkey" && { icon: IconFingerprint, "data-autofocus": true })}
            >
              {act ?? t(`passkeys.confirm.do.${by}`)}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}
