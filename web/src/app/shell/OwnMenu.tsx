import { useNavigate } from "@tanstack/react-router";
import { type ReactElement, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "#/core/format/where";
import { useSentence } from "#/core/i18n/useSentence";
import { chooseTheme, subscribeTheme, THEMES, themeChoice } from "#/core/preferences/theme";
import { enterAdministration } from "#/core/session/administration";
import { changeLanguage, signOut } from "#/core/session/session";
import { useMe } from "#/core/session/useMe";
import { face, fullName } from "#/people/names";
import {
  IconGridFour,
  IconKeyboard,
  IconListBullets,
  IconMonitor,
  IconMoon,
  IconScales,
  IconShield,
  IconSignOut,
  IconSun,
  IconUserCircle,
  IconUsers,
} from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { Menu, MenuDivider, MenuItem, MenuTitle } from "#/ui/layer/Menu";
import { useToasts } from "#/ui/layer/Toasts";
import { useFrame } from "./frameContext";
import styles from "./OwnMenu.module.css";

const THEME_WORDS = { system: "themeSystem", light: "themeLight", dark: "themeDark" } as const;
const THEME_ICONS = { system: IconMonitor, light: IconSun, dark: IconMoon } as const;
/** Each language in its own words: who does not read the present one finds theirs. */
const LANGUAGE_NAMES: Record<Language, string> = { fr: "Français", en: "English" };

/** One's own picture, and behind it what concerns oneself: profile, looks, language, leaving. */
export function OwnMenu({ worded }: { worded?: boolean }): ReactElement {
  const { t, i18n } = useTranslation();
  const { t: guests } = useTranslation("guests");
  const { t: audit } = useTranslation("audit");
  const { t: administration } = useTranslation("administration");
  const sentence = useSentence();
  const me = useMe();
  const navigate = useNavigate();
  const toasts = useToasts();
  const { showShortcuts } = useFrame();
  const theme = useSyncExternalStore(subscribeTheme, themeChoice);
  const { card } = me.profile;

  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      toasts.show({ text: sentence(error) });
    }
  };

  const speak = (language: Language): Promise<void> =>
    changeLanguage(language).catch((error: unknown) => toasts.show({ text: sentence(error) }));

  return (
    <Menu
      label={fullName(card)}
      side={worded ? "top-end" : "right-end"}
      trigger={
        <button
          type="button"
          className={worded ? styles.worded : styles.picture}
          aria-label={t(worded ? "menu.openWorded" : "menu.open", { name: fullName(card) })}
        >
          <Avatar person={face(card)} size={worded ? 28 : 32} presence="here" />
          {worded && <span>{t("nav.me")}</span>}
        </button>
      }
    >
      <div className={styles.who}>
        <span className={styles.name}>{fullName(card)}</span>
        <span className={styles.address}>{me.profile.email}</span>
      </div>
      <MenuItem icon={IconUserCircle} onSelect={() => void navigate({ to: "/me" })}>
        {t("menu.profile")}
      </MenuItem>
      {me.abilities.includes("hosting:declaration:read") && (
        <MenuItem icon={IconScales} onSelect={() => void navigate({ to: "/rule" })}>
          {t("menu.rule")}
        </MenuItem>
      )}
      {me.abilities.includes("people:agent:invite") && (
        <MenuItem icon={IconUsers} onSelect={() => void navigate({ to: "/administration/people" })}>
          {guests("admin.menu")}
        </MenuItem>
      )}
      {me.abilities.includes("spaces:book:read") && (
        <MenuItem icon={IconGridFour} onSelect={() => void navigate({ to: "/administration/spaces" })}>
          {administration("menu.spaces")}
        </MenuItem>
      )}
      {me.abilities.includes("audit:trail:read") && (
        <MenuItem icon={IconListBullets} onSelect={() => void navigate({ to: "/administration/audit" })}>
          {audit("menu")}
        </MenuItem>
      )}
      {me.abilities.includes("people:administration:open") && me.administration_until === null && (
        <MenuItem icon={IconShield} onSelect={() => void enterAdministration()}>
          {administration("open")}
        </MenuItem>
      )}
      <MenuDivider />
      <MenuTitle>{t("menu.theme")}</MenuTitle>
      {THEMES.map((choice) => (
        <MenuItem
          key={choice}
          icon={THEME_ICONS[choice]}
          checked={choice === theme}
          stays
          onSelect={() => chooseTheme(choice)}
        >
          {t(`menu.${THEME_WORDS[choice]}`)}
        </MenuItem>
      ))}
      <MenuTitle>{t("menu.language")}</MenuTitle>
      {LANGUAGES.map((language) => (
        <MenuItem
          key={language}
          checked={language === i18n.language}
          stays
          onSelect={() => void speak(language)}
        >
          <span lang={language} className={styles.language}>
            {LANGUAGE_NAMES[language]}
          </span>
        </MenuItem>
      ))}
      <MenuDivider />
      <MenuItem icon={IconKeyboard} keys={["?"]} onSelect={showShortcuts}>
        {t("menu.shortcuts")}
      </MenuItem>
      <MenuItem icon={IconSignOut} onSelect={() => void leave()}>
        {t("menu.signOut")}
      </MenuItem>
    </Menu>
  );
}
