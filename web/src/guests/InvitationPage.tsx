import { useLocation, useRouter } from "@tanstack/react-router";
import { type FormEvent, type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { passwordMisses } from "#/app/pages/firstForm";
import styles from "#/app/pages/SignIn.module.css";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { words } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import type { Invited } from "#/core/api/schema";
import { useFailure, useSentence } from "#/core/i18n/useSentence";
import { chooseDoorLanguage } from "#/core/preferences/language";
import { acceptInvitation } from "#/core/session/session";
import { useAct } from "#/core/useAct";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import { Button, ButtonLink } from "#/ui/control/Button";
import { PasswordField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LabelPill } from "#/ui/mark/LabelPill";
import { Logo } from "#/ui/mark/Logo";
import { TownMap } from "#/ui/mark/TownMap";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { RowBones } from "#/ui/state/Skeleton";
import own from "./Guests.module.css";
import { useInvited } from "./queries";

/** Who was invited comes in here, by the link of their mail: `/invitation#token`. */
export function InvitationPage(): ReactElement {
  const { t } = useTranslation("guests");
  const { t: app, i18n } = useTranslation();
  const failure = useFailure();
  const token = useLocation({ select: ({ hash }) => hash });
  const { data, error, refetch } = useInvited(token);
  const other = i18n.language === "fr" ? "en" : "fr";
  const over = token === "" || (error instanceof ProblemError && error.code === "invitation-over");
  useDocumentTitle(t("invitation.title"));
  return (
    <div className={styles.page}>
      <TownMap className={styles.map} />
      <main className={styles.door}>
        <header className={styles.head}>
          <Logo size={36} />
          <span className={styles.name}>Bastide</span>
          <button
            type="button"
            className={styles.language}
            lang={other}
            onClick={() => void chooseDoorLanguage(other)}
          >
            {app("signIn.language")}
          </button>
        </header>
        {over ? (
          <Over />
        ) : data ? (
          <Form token={token} invited={data} />
        ) : error ? (
          <ErrorState {...failure(error)} onRetry={() => void refetch()} />
        ) : (
          <div className={styles.form}>
            <RowBones count={4} height={44} />
          </div>
        )}
      </main>
    </div>
  );
}

function Over(): ReactElement {
  const { t } = useTranslation("guests");
  return (
    <div className={styles.form}>
      <div>
        <h1 className={styles.hello}>{t("invitation.over")}</h1>
        <p className={own.text}>{t("invitation.overText")}</p>
      </div>
      <ButtonLink to="/sign-in" search={{}} size="l" wide>
        {t("invitation.signIn")}
      </ButtonLink>
    </div>
  );
}

function Form({ token, invited }: { token: string; invited: Invited }): ReactElement {
  const { t } = useTranslation("guests");
  const { t: app } = useTranslation();
  const router = useRouter();
  const sentence = useSentence();
  const input = useRef<HTMLInputElement>(null);
  const { known, destination } = invited;
  const accept = useAct(acceptInvitation);
  const password = useField("", (text) => {
    if (known) return text === "" ? app("signIn.passwordMissing") : null;
    const count = passwordMisses(text);
    return count > 0 ? app("first.passwordShort", { count }) : null;
  });
  useEffect(() => input.current?.focus(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (accept.isPending) return;
    if (!password.check()) {
      input.current?.focus();
      return;
    }
    accept.mutate(
      { token, password: password.value },
      { onSuccess: () => router.history.replace("/"), onError: () => input.current?.select() },
    );
  };
  if (accept.error instanceof ProblemError && accept.error.code === "invitation-over") return <Over />;
  const hello = { name: invited.given_name };
  const by = { by: fullName(invited.by), organisation: invited.organisation.name };
  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <div>
        <h1 className={styles.hello}>
          {destination ? t("invitation.guestHello", hello) : t("invitation.agentHello", hello)}
        </h1>
        <p className={own.text}>
          {destination ? t("invitation.guestText", by) : t("invitation.agentText", by)}
        </p>
      </div>
      {destination && <Facts destination={destination} known={known} />}
      {/* For managers of passwords: the password belongs to this address. */}
      <input type="hidden" name="email" autoComplete="username" value={invited.email} />
      <p>
        <span className={own.quiet}>{t("invitation.email")}</span>
        <br />
        {invited.email}
      </p>
      <PasswordField
        {...password.input}
        ref={input}
        label={t(known ? "invitation.yours" : "invitation.choose")}
        hint={known ? t("invitation.yoursHint") : app("first.passwordHint")}
        autoComplete={known ? "current-password" : "new-password"}
        tall
      />
      {accept.error && <FormProblem text={sentence(accept.error)} />}
      <Button type="submit" variant="primary" size="l" wide busy={accept.isPending}>
        {t("invitation.accept")}
      </Button>
    </form>
  );
}

function Facts({
  destination,
  known,
}: {
  destination: NonNullable<Invited["destination"]>;
  known: boolean;
}): ReactElement {
  const { t } = useTranslation("guests");
  const days = useDays();
  return (
    <div>
      <dl className={own.facts}>
        <dt>{t("invitation.space")}</dt>
        <dd>
          {words(destination.name)} <LabelPill label={destination.label} />
        </dd>
        <dt>{t("invitation.role")}</dt>
        <dd>{t(`invitation.roles.${destination.role}`)}</dd>
        <dt>{t("invitation.until")}</dt>
        <dd>{days(destination.ends_on)}</dd>
      </dl>
      <p className={own.text}>{t(known ? "invitation.seesToo" : "invitation.sees")}</p>
    </div>
  );
}
