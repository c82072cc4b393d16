import { type FormEvent, type ReactElement, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useDocumentTitle } from "#/app/shell/useDocumentTitle";
import type { ProfileChange } from "#/core/api/schema";
import { LANGUAGES, type Language } from "#/core/format/where";
import { useSentence } from "#/core/i18n/useSentence";
import { chooseTheme, subscribeTheme, THEMES, themeChoice } from "#/core/preferences/theme";
import { changeLanguage, signOut } from "#/core/session/session";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { Choice } from "#/ui/control/Choice";
import { TextField } from "#/ui/control/Field";
import { useField } from "#/ui/control/useField";
import { IconMonitor, IconMoon, IconSignOut, IconSun } from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { Devices } from "./devices/Devices";
import styles from "./me/Me.module.css";
import { Picture } from "./me/Picture";
import { fullName } from "./names";
import { Passkeys } from "./passkeys/Passkeys";
import { Password } from "./password/Password";
import { changeProfile } from "./queries";

const THEME_WORDS = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;
const THEME_ICONS = { system: IconMonitor, light: IconSun, dark: IconMoon } as const;
/** Each language in its own words: who does not read the present one finds theirs. */
const LANGUAGE_NAMES: Record<Language, string> = { fr: "Français", en: "English" };
const LINE_MOST = 160;
const PHONE_MOST = 40;

/** Oneself: picture, what others read, how the window looks and speaks, and signing out. */
export function MePage(): ReactElement {
  const { t } = useTranslation("people");
  const { t: app } = useTranslation();
  const sentence = useSentence();
  const toasts = useToasts();
  const { profile } = useMe();
  const guest = profile.card.kind === "guest";
  useDocumentTitle(app("titles.me"));
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      toasts.show({ text: sentence(error) });
    }
  };
  return (
    <div className={styles.page}>
      <div className={styles.inside}>
        <h1 className={styles.title}>{app("titles.me")}</h1>
        <Picture />
        <dl className={styles.facts}>
          <div>
            <dt>{t("me.name")}</dt>
            <dd>{fullName(profile.card)}</dd>
          </div>
          <div>
            <dt>{t(guest ? "profile.host" : "profile.organisation")}</dt>
            <dd>{profile.organisation.name}</dd>
          </div>
          <div>
            <dt>{t("profile.email")}</dt>
            <dd>{profile.email}</dd>
          </div>
        </dl>
        <p className={styles.hint}>{t(guest ? "me.keptByHost" : "me.kept")}</p>
        <Fields />
        <Password />
        <Passkeys />
        <Devices />
        <Looks />
        <section className={styles.section}>
          <h2 className={styles.heading}>{t("me.session")}</h2>
          <p className={styles.about}>{t("me.sessionText")}</p>
          <Button icon={IconSignOut} onClick={() => void leave()}>
            {app("menu.signOut")}
          </Button>
        </section>
      </div>
    </div>
  );
}

function Fields(): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const toasts = useToasts();
  const { profile } = useMe();
  const before = { function: profile.card.function, service: profile.service, phone: profile.phone };
  const judge =
    (most: number) =>
    (text: string): string | null => {
      const count = [...text.trim()].length - most;
      return count > 0 ? t("me.tooLong", { count }) : null;
    };
  const fields = {
    function: useField(before.function, judge(LINE_MOST)),
    service: useField(before.service, judge(LINE_MOST)),
    phone: useField(before.phone, judge(PHONE_MOST)),
  };
  const change = useAct(changeProfile);
  const names = ["function", "service", "phone"] as const;
  const moved = names.filter((name) => fields[name].value.trim() !== before[name]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending || !names.map((name) => fields[name].check()).every(Boolean)) return;
    const asked: ProfileChange = Object.fromEntries(moved.map((name) => [name, fields[name].value.trim()]));
    change.mutate(asked, {
      onSuccess: (after) => {
        fields.function.set(after.card.function);
        fields.service.set(after.service);
        fields.phone.set(after.phone);
        toasts.show({ text: t("me.saved") });
      },
    });
  };
  return (
    <form className={styles.form} noValidate onSubmit={submit}>
      <TextField
        {...fields.function.input}
        label={t("me.function")}
        autoComplete="organization-title"
        optional
      />
      <TextField {...fields.service.input} label={t("profile.service")} autoComplete="off" optional />
      <TextField {...fields.phone.input} label={t("profile.phone")} type="tel" autoComplete="tel" optional />
      {change.error && <FormProblem text={sentence(change.error)} />}
      {moved.length > 0 && (
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {t("me.save")}
          </Button>
          <Button
            variant="plain"
            onClick={() => {
              change.reset();
              for (const name of names) fields[name].set(before[name]);
            }}
          >
            {ui("cancel")}
          </Button>
        </div>
      )}
    </form>
  );
}

function Looks(): ReactElement {
  const { t } = useTranslation("people");
  const { t: app, i18n } = useTranslation();
  const sentence = useSentence();
  const toasts = useToasts();
  const theme = useSyncExternalStore(subscribeTheme, themeChoice);
  const language = LANGUAGES.find((one) => one === i18n.language) ?? "fr";
  // The words of the other language are on their way: the choice shows before they do.
  const [coming, setComing] = useState<Language | null>(null);
  const speak = async (locale: Language): Promise<void> => {
    setComing(locale);
    try {
      await changeLanguage(locale);
    } catch (error) {
      toasts.show({ text: sentence(error) });
    } finally {
      setComing(null);
    }
  };
  return (
    <section className={styles.section}>
      <h2 className={styles.heading}>{t("me.window")}</h2>
      <div className={styles.looks}>
        <Choice
          legend={app("menu.theme")}
          value={theme}
          onChange={chooseTheme}
          options={THEMES.map((choice) => ({
            value: choice,
            label: app(`menu.${THEME_WORDS[choice]}`),
            icon: THEME_ICONS[choice],
          }))}
        />
        <Choice
          legend={app("menu.language")}
          value={coming ?? language}
          onChange={(choice) => void speak(choice)}
          options={LANGUAGES.map((choice) => ({
            value: choice,
            label: LANGUAGE_NAMES[choice],
            lang: choice,
          }))}
        />
      </div>
    </section>
  );
}
