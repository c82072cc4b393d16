import { useLocation, useRouter } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Door, DoorColumn, DoorForm, DoorHello } from "#/app/door/Door";
import { MachineChoice } from "#/app/door/MachineChoice";
import { passwordMisses } from "#/app/pages/firstForm";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import { words } from "#/core/api/content";
import { ProblemError } from "#/core/api/errors";
import type { Invited } from "#/core/api/schema";
import { useFailure, useSentence } from "#/core/i18n/useSentence";
import { acceptInvitation } from "#/core/session/session";
import { useAct } from "#/core/useAct";
import { tooMany, useWait } from "#/core/useWait";
import { useDays } from "#/hosting/useDays";
import { fullName } from "#/people/names";
import { Button, ButtonLink } from "#/ui/control/Button";
import { PasswordField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { LabelPill } from "#/ui/mark/LabelPill";
import { ErrorState } from "#/ui/state/ErrorState";
import { FormProblem } from "#/ui/state/FormProblem";
import { FormWait } from "#/ui/state/FormWait";
import { RowBones } from "#/ui/state/Skeleton";
import styles from "./Guests.module.css";
import { useInvited } from "./queries";

/** Who was invited comes in here, by the link of their mail: `/invitation#token`. */
export function InvitationPage(): ReactElement {
  const { t } = useTranslation("guests");
  const failure = useFailure();
  const token = useLocation({ select: ({ hash }) => hash });
  const { data, error, refetch } = useInvited(token);
  const over = token === "" || (error instanceof ProblemError && error.code === "invitation-over");
  useDocumentTitle(t("invitation.title"));
  return (
    <Door>
      {over ? (
        <Over />
      ) : data ? (
        <Form token={token} invited={data} />
      ) : error ? (
        <ErrorState {...failure(error)} onRetry={() => void refetch()} />
      ) : (
        <DoorColumn>
          <RowBones count={4} height={44} />
        </DoorColumn>
      )}
    </Door>
  );
}

function Over(): ReactElement {
  const { t } = useTranslation("guests");
  return (
    <DoorColumn>
      <DoorHello title={t("invitation.over")} text={t("invitation.overText")} />
      <ButtonLink to="/sign-in" search={{}} size="l" wide>
        {t("invitation.signIn")}
      </ButtonLink>
    </DoorColumn>
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
  const wait = useWait(accept.error);
  const password = useField("", (text) => {
    if (known) return text === "" ? app("signIn.passwordMissing") : null;
    const count = passwordMisses(text);
    return count > 0 ? app("first.passwordShort", { count }) : null;
  });
  useEffect(() => input.current?.focus(), []);
  const submit = (): void => {
    if (accept.isPending || wait > 0) return;
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
    <DoorForm onSubmit={submit}>
      <DoorHello
        title={destination ? t("invitation.guestHello", hello) : t("invitation.agentHello", hello)}
        text={destination ? t("invitation.guestText", by) : t("invitation.agentText", by)}
      />
      {destination && <Facts destination={destination} known={known} />}
      {invited.replaces && <p className={styles.text}>{t("invitation.replaces")}</p>}
      {/* For managers of passwords: the password belongs to this address. */}
      <input type="hidden" name="email" autoComplete="username" value={invited.email} />
      <p>
        <span className={styles.quiet}>{t("invitation.email")}</span>
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
      <MachineChoice />
      {wait > 0 ? (
        <FormWait seconds={wait} />
      ) : (
        accept.error && !tooMany(accept.error) && <FormProblem text={sentence(accept.error)} />
      )}
      <Button type="submit" variant="primary" size="l" wide busy={accept.isPending} disabled={wait > 0}>
        {t("invitation.accept")}
      </Button>
    </DoorForm>
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
      <dl className={styles.facts}>
        <dt>{t("invitation.space")}</dt>
        <dd>
          {words(destination.name)} <LabelPill label={destination.label} />
        </dd>
        <dt>{t("invitation.role")}</dt>
        <dd>{t(`invitation.roles.${destination.role}`)}</dd>
        <dt>{t("invitation.until")}</dt>
        <dd>{days(destination.ends_on)}</dd>
      </dl>
      <p className={styles.text}>{t(known ? "invitation.seesToo" : "invitation.sees")}</p>
    </div>
  );
}
