import { useQuery } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "#/core/api/client";
import { ProblemError, Unreachable } from "#/core/api/errors";
import { useFormat } from "#/core/format/useFormat";
import { KeyError, knowsKeys, offersKeysInFields, stopAsking } from "#/core/passkeys/ceremony";
import { session, signIn, signInByCode, signInByPasskey } from "#/core/session/session";
import { tooMany, useWait } from "#/core/useWait";
import { farewell } from "#/spaces/lost/losses";
import { Button } from "#/ui/control/Button";
import { PasswordField, TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconFingerprint } from "#/ui/icon";
import { FormProblem } from "#/ui/state/FormProblem";
import { FormWait } from "#/ui/state/FormWait";
import { Door, DoorForm, DoorHello } from "../door/Door";
import { MachineChoice } from "../door/MachineChoice";
import { useDocumentTitle } from "../shell/useDocumentTitle";
import styles from "./SignIn.module.css";

/** A full address; whether it exists is not said before the password is right. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/u;

/** The door of the house. */
export function SignIn(): ReactElement {
  const { t } = useTranslation();
  const { t: errors } = useTranslation("errors");
  const { t: guests } = useTranslation("guests");
  const { t: people } = useTranslation("people");
  const { t: refusals } = useTranslation("refusals");
  const router = useRouter();
  const format = useFormat();
  const { from } = useSearch({ from: "/sign-in" });
  const instance = useQuery({
    queryKey: ["instance"],
    queryFn: () => take(api.GET("/api/instance")),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<unknown>(null);
  const wait = useWait(refusal);
  const [problem, setProblem] = useState<string | null>(() => {
    const now = session.get();
    const told = farewell.get();
    if (told === "over") return guests("stay.over");
    if (told) return refusals(`lost.${told.by}`, { name: told.name });
    return now.state === "out" && now.ended ? errors("signedOut.title") : null;
  });
  const passwordField = useRef<HTMLInputElement>(null);
  const addressField = useRef<HTMLInputElement>(null);
  const address = useField("", (value) => {
    if (value.trim() === "") return t("signIn.addressMissing");
    return ADDRESS.test(value.trim()) ? null : t("signIn.addressWrong");
  });
  const password = useField("", (value) => (value === "" ? t("signIn.passwordMissing") : null));
  const [byCode, setByCode] = useState(false);
  const code = useField("", (value) => (value.trim() === "" ? t("signIn.codeMissing") : null));
  const codeField = useRef<HTMLInputElement>(null);
  const arrive = (): void => router.history.replace(from ?? "/");
  useDocumentTitle(t("titles.signIn"));
  useEffect(() => addressField.current?.focus(), []);

  const submit = async (): Promise<void> => {
    if (busy || wait > 0) return;
    tell(null);
    const secret = byCode ? { ...code, field: codeField } : { ...password, field: passwordField };
    const fine = [address.check(), secret.check()];
    if (!fine[0]) {
      addressField.current?.focus();
      return;
    }
    if (!fine[1]) {
      secret.field.current?.focus();
      return;
    }
    setBusy(true);
    try {
      await (byCode ? signInByCode : signIn)(address.value.trim(), secret.value);
      // Who came by a code has one reason to: their passkey is lost, and they need a new one.
      if (byCode) router.history.replace("/me#passkeys");
      else arrive();
    } catch (error) {
      setBusy(false);
      tell(error);
      // What was typed stays; one most likely mistyped the password.
      secret.field.current?.select();
    }
  };

  const key = useKeyAtTheDoor({ arrive, told: (error) => tell(error) });
  const turn = (): void => {
    if (wait === 0) tell(null);
    setByCode(!byCode);
  };

  /** What was refused, or nothing when one begins again; what only asks for patience is counted down. */
  const tell = (error: unknown): void => {
    setRefusal(error);
    setProblem(error && !tooMany(error) ? sentence(error) : null);
  };

  const sentence = (error: unknown): string => {
    if (error instanceof KeyError) return people(`passkeys.trouble.${error.trouble}`);
    if (error instanceof Unreachable) return `${errors("network.title")}. ${errors("network.text")}`;
    if (error instanceof ProblemError && error.details.title) return error.details.title;
    return errors("unexpected.title");
  };

  const organisations = instance.data?.organisations.map(({ name }) => name) ?? [];

  return (
    <Door>
      <DoorForm onSubmit={() => void submit()}>
        <DoorHello title={t("signIn.hello")} text={format.names(organisations, 2)} />
        {instance.data?.demo && <p>{t("signIn.demo")}</p>}
        <TextField
          {...address.input}
          ref={addressField}
          label={t("signIn.address")}
          type="email"
          name="email"
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          tall
        />
        {byCode ? (
          <TextField
            {...code.input}
            ref={codeField}
            label={t("signIn.code")}
            hint={t("signIn.codeHint")}
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            tall
          />
        ) : (
          <PasswordField
            {...password.input}
            ref={passwordField}
            label={t("signIn.password")}
            name="password"
            autoComplete="current-password"
            tall
          />
        )}
        <MachineChoice />
        {wait > 0 ? <FormWait seconds={wait} /> : problem && <FormProblem text={problem} />}
        <Button type="submit" variant="primary" size="l" wide busy={busy} disabled={wait > 0}>
          {t("signIn.submit")}
        </Button>
        {knowsKeys() && (
          <>
            <p className={styles.or}>{t("signIn.or")}</p>
            <Button
              size="l"
              wide
              icon={IconFingerprint}
              busy={key.busy}
              disabled={wait > 0}
              onClick={key.ask}
            >
              {t("signIn.passkey")}
            </Button>
          </>
        )}
        <button type="button" className={styles.turn} onClick={turn}>
          {t(byCode ? "signIn.usePassword" : "signIn.useCode")}
        </button>
      </DoorForm>
      <p className={styles.help}>{t("signIn.help")}</p>
    </Door>
  );
}

/** A question to a passkey is good for five minutes: the one that waits under the field is asked anew before that. */
const RENEW_MS = 4 * 60_000;

/**
 * Passkeys at the door: by the button, and, where the browser can, in the list under the address. `arrive` is told that
 * one is in, `told` what went wrong, or nothing when one begins again.
 */
function useKeyAtTheDoor({ arrive, told }: { arrive: () => void; told: (error: unknown) => void }): {
  busy: boolean;
  ask: () => void;
} {
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const latest = useRef({ arrive, told });
  useEffect(() => {
    latest.current = { arrive, told };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies(round): each round asks anew
  useEffect(() => {
    let left = false;
    const offer = async (): Promise<void> => {
      try {
        if (!(await offersKeysInFields()) || left) return;
        await signInByPasskey({ inField: true });
        latest.current.arrive();
      } catch (error) {
        // Nobody chose one, another question took its place, or nobody answers: the form is still there.
        if (!left && error instanceof ProblemError && error.code === "passkey-refused")
          latest.current.told(error);
      }
    };
    void offer();
    const again = setTimeout(() => setRound((last) => last + 1), RENEW_MS);
    return () => {
      left = true;
      clearTimeout(again);
      stopAsking();
    };
  }, [round]);

  const ask = (): void => {
    setBusy(true);
    told(null);
    signInByPasskey()
      .then(arrive)
      .catch((error: unknown) => {
        setBusy(false);
        told(error);
        setRound((last) => last + 1);
      });
  };
  return { busy, ask };
}
