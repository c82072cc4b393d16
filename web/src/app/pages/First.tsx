import { useQuery } from "@tanstack/react-query";
import { useLocation, useRouter } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "#/core/api/client";
import { ProblemError } from "#/core/api/errors";
import type { FirstForm } from "#/core/api/schema";
import { useSentence } from "#/core/i18n/useSentence";
import { queries } from "#/core/queries";
import { openAdministration } from "#/core/session/administration";
import { acceptFirst } from "#/core/session/session";
import { useAct } from "#/core/useAct";
import { tooMany, useWait } from "#/core/useWait";
import { Button, ButtonLink } from "#/ui/control/Button";
import { PasswordField, TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { FormProblem } from "#/ui/state/FormProblem";
import { FormWait } from "#/ui/state/FormWait";
import { Door, DoorColumn, DoorForm, DoorHello } from "../door/Door";
import { MachineChoice } from "../door/MachineChoice";
import { useDocumentTitle } from "../shell/useDocumentTitle";
import styles from "./First.module.css";
import { addressFits, domainOf, passwordMisses } from "./firstForm";

/** The first page of an empty house, by the one-time link that its terminal shows: its organisation, its administrator. */
export function First(): ReactElement {
  const { t } = useTranslation();
  // The part after # is not sent to any server, so that no log holds it.
  const token = useLocation({ select: ({ hash }) => hash });
  const instance = useQuery(
    { queryKey: ["instance"], queryFn: () => take(api.GET("/api/instance")), retry: 1 },
    queries,
  );
  const accept = useAct(async (form: FirstForm) => {
    const me = await acceptFirst(form);
    // The first steps are done in administration, and who they are was proved a moment ago.
    await openAdministration().catch(() => undefined);
    return me;
  });
  const settled = (instance.data?.organisations.length ?? 0) > 0;
  const unknown = accept.error instanceof ProblemError && accept.error.details.status === 404;
  useDocumentTitle(t("first.title"));
  return (
    <Door>
      {settled || unknown || token === "" ? (
        <Spent settled={settled} />
      ) : (
        <Form
          token={token}
          busy={accept.isPending}
          error={accept.error}
          onSubmit={(form, done) => accept.mutate(form, { onSuccess: done })}
        />
      )}
    </Door>
  );
}

/** A link that was used, that a newer one replaced, or half of one. */
function Spent({ settled }: { settled: boolean }): ReactElement {
  const { t } = useTranslation();
  return (
    <DoorColumn>
      <DoorHello title={t("first.spent")} text={t(settled ? "first.spentSettled" : "first.spentEmpty")} />
      {settled && (
        <ButtonLink to="/sign-in" search={{}} variant="primary" size="l" wide>
          {t("signIn.submit")}
        </ButtonLink>
      )}
    </DoorColumn>
  );
}

const FIELDS = [
  "organisation_name",
  "organisation_short_name",
  "organisation_domain",
  "given_name",
  "family_name",
  "email",
  "password",
] as const satisfies readonly (keyof FirstForm)[];
type Name = (typeof FIELDS)[number];

function Form({
  token,
  busy,
  error,
  onSubmit,
}: {
  token: string;
  busy: boolean;
  error: Error | null;
  onSubmit: (form: FirstForm, done: () => void) => void;
}): ReactElement {
  const { t } = useTranslation();
  const router = useRouter();
  const sentence = useSentence();
  const inputs = useRef<Partial<Record<Name, HTMLInputElement | null>>>({});
  const needed = (text: string): string | null => (text.trim() === "" ? t("first.needed") : null);
  const fields: Record<Name, ReturnType<typeof useField>> = {
    organisation_name: useField("", needed),
    organisation_short_name: useField("", needed),
    organisation_domain: useField(
      "",
      (text) => needed(text) ?? (domainOf(text) ? null : t("first.domainWrong")),
    ),
    given_name: useField("", needed),
    family_name: useField("", needed),
    email: useField("", (text) => needed(text) ?? (addressFits(text) ? null : t("signIn.addressWrong"))),
    password: useField("", (text) => {
      const count = passwordMisses(text);
      return count > 0 ? t("first.passwordShort", { count }) : null;
    }),
  };
  const wait = useWait(error);
  const refused =
    error instanceof ProblemError ? FIELDS.find((name) => name === error.details.field) : undefined;
  useEffect(() => inputs.current.organisation_name?.focus(), []);
  useEffect(() => {
    if (refused) inputs.current[refused]?.focus();
  }, [refused]);

  const submit = (): void => {
    if (busy || wait > 0) return;
    const wrong = FIELDS.filter((name) => !fields[name].check());
    if (wrong[0]) {
      inputs.current[wrong[0]]?.focus();
      return;
    }
    const value = (name: Name): string => fields[name].value.trim();
    onSubmit(
      {
        token,
        organisation_name: value("organisation_name"),
        organisation_short_name: value("organisation_short_name"),
        organisation_domain: domainOf(value("organisation_domain")) ?? "",
        given_name: value("given_name"),
        family_name: value("family_name"),
        email: value("email"),
        password: fields.password.value,
      },
      () => router.history.replace("/"),
    );
  };
  const given = (name: Name) => ({
    ...fields[name].input,
    error: fields[name].error ?? (refused === name && error ? sentence(error) : null),
    ref: (element: HTMLInputElement | null) => {
      inputs.current[name] = element;
    },
  });
  return (
    <DoorForm onSubmit={submit}>
      <DoorHello title={t("first.hello")} text={t("first.text")} />
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t("first.organisation")}</legend>
        <TextField {...given("organisation_name")} label={t("first.name")} autoComplete="organization" />
        <TextField
          {...given("organisation_short_name")}
          label={t("first.shortName")}
          hint={t("first.shortNameHint")}
          autoComplete="off"
        />
        <TextField
          {...given("organisation_domain")}
          label={t("first.domain")}
          hint={t("first.domainHint")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
        />
      </fieldset>
      <fieldset className={styles.group}>
        <legend className={styles.legend}>{t("first.you")}</legend>
        <div className={styles.names}>
          <TextField {...given("given_name")} label={t("first.givenName")} autoComplete="given-name" />
          <TextField {...given("family_name")} label={t("first.familyName")} autoComplete="family-name" />
        </div>
        <TextField
          {...given("email")}
          label={t("signIn.address")}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField
          {...given("password")}
          label={t("signIn.password")}
          hint={t("first.passwordHint")}
          autoComplete="new-password"
        />
      </fieldset>
      <MachineChoice />
      {wait > 0 ? (
        <FormWait seconds={wait} />
      ) : (
        error && !refused && !tooMany(error) && <FormProblem text={sentence(error)} />
      )}
      <Button type="submit" variant="primary" size="l" wide busy={busy} disabled={wait > 0}>
        {t("first.submit")}
      </Button>
    </DoorForm>
  );
}
