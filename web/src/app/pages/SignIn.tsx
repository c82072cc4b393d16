import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "#/core/api/client";
import { ProblemError, Unreachable } from "#/core/api/errors";
import { useFormat } from "#/core/format/useFormat";
import { chooseDoorLanguage } from "#/core/preferences/language";
import { session, signIn } from "#/core/session/session";
import { Button } from "#/ui/control/Button";
import { PasswordField, TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconWarningCircle } from "#/ui/icon";
import { Logo } from "#/ui/mark/Logo";
import { TownMap } from "#/ui/mark/TownMap";
import { useDocumentTitle } from "../shell/useDocumentTitle";
import styles from "./SignIn.module.css";

/** A full address; whether it exists is not said before the password is right. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/u;

/** The door of the house. */
export function SignIn(): ReactElement {
  const { t, i18n } = useTranslation();
  const { t: errors } = useTranslation("errors");
  const router = useRouter();
  const format = useFormat();
  const { from } = useSearch({ from: "/sign-in" });
  const instance = useQuery({
    queryKey: ["instance"],
    queryFn: () => take(api.GET("/api/instance")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(() => {
    const now = session.get();
    return now.state === "out" && now.ended ? errors("signedOut.title") : null;
  });
  const passwordField = useRef<HTMLInputElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const address = useField("", (value) => {
    if (value.trim() === "") return t("signIn.addressMissing");
    return ADDRESS.test(value.trim()) ? null : t("signIn.addressWrong");
  });
  const password = useField("", (value) => (value === "" ? t("signIn.passwordMissing") : null));
  useDocumentTitle(t("titles.signIn"));
  useEffect(() => addressField.current?.focus(), []);

  const submit = async (): Promise<void> => {
    setProblem(null);
    const fine = [address.check(), password.check()];
    if (!fine[0]) {
      addressField.current?.focus();
      return;
    }
    if (!fine[1]) {
      passwordField.current?.focus();
      return;
    }
    setBusy(true);
    try {
      await signIn(address.value.trim(), password.value);
      router.history.replace(from ?? "/");
    } catch (error) {
      setBusy(false);
      setProblem(sentence(error));
      // What was typed stays; one most likely mistyped the password.
      passwordField.current?.select();
    }
  };

  const sentence = (error: unknown): string => {
    if (error instanceof Unreachable) return `${errors("network.title")}. ${errors("network.text")}`;
    if (error instanceof ProblemError && error.details.title) return error.details.title;
    return errors("unexpected.title");
  };

  const organisations = instance.data?.organisations.map(({ name }) => name) ?? [];
  const other = i18n.language === "fr" ? "en" : "fr";

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
            {t("signIn.language")}
          </button>
        </header>
        <form
          className={styles.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void submit();
          }}
        >
          <div>
            <h1 className={styles.hello}>{t("signIn.hello")}</h1>
            <p className={styles.organisation}>{format.names(organisations, 2)}</p>
          </div>
          <TextField
            {...address.input}
            ref={addressField}
            label={t("signIn.address")}
            type="email"
            name="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            tall
          />
          <PasswordField
            {...password.input}
            ref={passwordField}
            label={t("signIn.password")}
            name="password"
            autoComplete="current-password"
            tall
          />
          {problem && (
            <p className={styles.problem} role="alert">
              <IconWarningCircle size={18} />
              <span>{problem}</span>
            </p>
          )}
          <Button type="submit" variant="primary" size="l" wide busy={busy}>
            {t("signIn.submit")}
          </Button>
        </form>
        <p className={styles.help}>{t("signIn.help")}</p>
      </main>
    </div>
  );
}
