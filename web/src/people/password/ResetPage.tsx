import { useLocation, useRouter } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Door, DoorColumn, DoorForm, DoorHello } from "#/app/door/Door";
import { MachineChoice } from "#/app/door/MachineChoice";
import { passwordMisses } from "#/app/pages/firstForm";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { ProblemError } from "#/core/api/errors";
import type { ResetView } from "#/core/api/schema";
import { useFailure, useSentence } from "#/core/i18n/useSentence";
import { acceptReset } from "#/core/session/session";
import { useAct } from "#/core/useAct";
import { tooMany, useWait } from "#/core/useWait";
import { Button, ButtonLink } from "#/ui/control/Button";
import { PasswordField, TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { FormWait } from "#/ui/state/FormWait";
import { RowBones } from "#/ui/state/Skeleton";
import { useReset } from "./queries";

/** Who forgot their password chooses another one here, by the link that an administrator made: `/reset#token`. */
export function ResetPage(): ReactElement {
  const { t } = useTranslation("people");
  const failure = useFailure();
  const token = useLocation({ select: ({ hash }) => hash });
  const { data, error, refetch } = useReset(token);
  const over = token === "" || (error instanceof ProblemError && error.code === "reset-over");
  useDocumentTitle(t("reset.title"));
  return (
    <Door>
      {over ? (
        <Over />
      ) : data ? (
        <Form token={token} reset={data} />
      ) : error ? (
        <ErrorState {...failure(error)} onRetry={() => void refetch()} />
      ) : (
        <DoorColumn>
          <RowBones count={3} height={44} />
        </DoorColumn>
      )}
    </Door>
  );
}

function Over(): ReactElement {
  const { t } = useTranslation("people");
  const { t: app } = useTranslation();
  return (
    <DoorColumn>
      <DoorHello title={t("reset.over")} text={t("reset.overText")} />
      <ButtonLink to="/sign-in" search={{}} size="l" wide>
        {app("signIn.submit")}
      </ButtonLink>
    </DoorColumn>
  );
}

function Form({ token, reset }: { token: string; reset: ResetView }): ReactElement {
  const { t } = useTranslation("people");
  const { t: app } = useTranslation();
  const router = useRouter();
  const sentence = useSentence();
  const first = useRef<HTMLInputElement>(null);
  const accept = useAct(acceptReset);
  const wait = useWait(accept.error);
  const code = useField("", (text) =>
    reset.guarded && text.trim() === "" ? app("signIn.codeMissing") : null,
  );
  const password = useField("", (text) => {
    const count = passwordMisses(text);
    return count > 0 ? app("first.passwordShort", { count }) : null;
  });
  useEffect(() => first.current?.focus(), []);
  const submit = (): void => {
    if (accept.isPending || wait > 0 || ![code, password].map((one) => one.check()).every(Boolean)) return;
    accept.mutate(
      { token, password: password.value, ...(reset.guarded && { code: code.value }) },
      { onSuccess: () => router.history.replace("/"), onError: () => first.current?.select() },
    );
  };
  if (accept.error instanceof ProblemError && accept.error.code === "reset-over") return <Over />;
  return (
    <DoorForm onSubmit={submit}>
      <DoorHello
        title={t("reset.hello", { name: reset.given_name })}
        text={t(reset.anew ? "reset.anew" : "reset.text", { organisation: reset.organisation.name })}
      />
      {/* For managers of passwords: the password belongs to this address. */}
      <input type="hidden" name="email" autoComplete="username" value={reset.email} />
      <p>{reset.email}</p>
      {reset.guarded && (
        <>
          <p>{t("reset.guarded")}</p>
          <TextField
            {...code.input}
            ref={first}
            label={app("signIn.code")}
            hint={app("signIn.codeHint")}
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            tall
          />
        </>
      )}
      <PasswordField
        {...password.input}
        {...(!reset.guarded && { ref: first })}
        label={t("password.fresh")}
        hint={app("first.passwordHint")}
        autoComplete="new-password"
        tall
      />
      <MachineChoice />
      {wait > 0 ? (
        <FormWait seconds={wait} />
      ) : (
        accept.error && !tooMany(accept.error) && <FormProblem text={sentence(accept.error)} />
      )}
      <Button type="submit" variant="primary" size="l" wide busy={accept.isPending} disabled={wait > 0}>
        {t("reset.do")}
      </Button>
    </DoorForm>
  );
}
