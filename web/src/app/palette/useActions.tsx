import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language } from "#/core/format/where";
import { useSentence } from "#/core/i18n/useSentence";
import { chooseTheme, THEMES, type ThemeChoice } from "#/core/preferences/theme";
import { enterAdministration } from "#/core/session/administration";
import { changeLanguage, signOut } from "#/core/session/session";
import { useMe } from "#/core/session/useMe";
import { useOpensDirects } from "#/spaces/refusal/useOpensDirects";
import {
  type Icon,
  IconGridFour,
  IconKeyboard,
  IconListBullets,
  IconMonitor,
  IconMoon,
  IconNotePencil,
  IconPlus,
  IconScales,
  IconShield,
  IconSignOut,
  IconSun,
  IconTranslate,
  IconUserCircle,
  IconUsers,
  IconUsersThree,
} from "#/ui/icon";
import { useToasts } from "#/ui/layer/Toasts";
import { useFrame } from "../shell/frameContext";

export type PaletteAction = {
  readonly id: string;
  readonly name: string;
  /** Other words by which one may look for it. */
  readonly also: string;
  readonly icon: Icon;
  readonly keys?: readonly string[];
  /** Offered before anything is typed. */
  readonly first?: boolean;
  readonly run: () => void;
};

const THEME_ICONS: Record<ThemeChoice, Icon> = { system: IconMonitor, light: IconSun, dark: IconMoon };

/** What can be done from anywhere; what one may not do is not among it. */
export function useActions(): readonly PaletteAction[] {
  const { t, i18n } = useTranslation();
  const { t: guests } = useTranslation("guests");
  const { t: audit } = useTranslation("audit");
  const { t: administration } = useTranslation("administration");
  const me = useMe();
  const mayWrite = useOpensDirects();
  const navigate = useNavigate();
  const toasts = useToasts();
  const sentence = useSentence();
  const { showShortcuts } = useFrame();
  const leave = async (): Promise<void> => {
    try {
      await signOut();
    } catch (error) {
      toasts.show({ text: sentence(error) });
    }
  };
  const may = (ability: (typeof me.abilities)[number]): boolean => me.abilities.includes(ability);
  const theme = (choice: ThemeChoice): PaletteAction => ({
    id: `theme-${choice}`,
    name: t(`palette.theme.${choice}`),
    also: t("palette.also.theme"),
    icon: THEME_ICONS[choice],
    run: () => chooseTheme(choice),
  });
  const speak = (language: Language): PaletteAction => ({
    id: `language-${language}`,
    name: t(`palette.language.${language}`),
    also: t("palette.also.language"),
    icon: IconTranslate,
    run: () => {
      changeLanguage(language).catch((error: unknown) => toasts.show({ text: sentence(error) }));
    },
  });
  return [
    ...(mayWrite
      ? [
          {
            id: "write",
            name: t("list.write"),
            also: t("palette.also.write"),
            icon: IconNotePencil,
            first: true,
            run: () => void navigate({ to: "/directs/new" }),
          },
        ]
      : []),
    ...(may("spaces:space:create")
      ? [
          {
            id: "create",
            name: t("list.create"),
            also: t("palette.also.create"),
            icon: IconPlus,
            first: true,
            run: () => void navigate({ to: "/spaces/new" }),
          },
        ]
      : []),
    ...(may("people:directory:search")
      ? [
          {
            id: "people",
            name: t("palette.people"),
            also: t("palette.also.people"),
            icon: IconUsersThree,
            first: true,
            run: () => void navigate({ to: "/people" }),
          },
        ]
      : []),
    ...(may("people:agent:invite")
      ? [
          {
            id: "administration",
            name: guests("admin.menu"),
            also: guests("admin.also"),
            icon: IconUsers,
            run: () => void navigate({ to: "/administration/people" }),
          },
        ]
      : []),
    ...(may("spaces:book:read")
      ? [
          {
            id: "administered-spaces",
            name: administration("menu.spaces"),
            also: administration("title"),
            icon: IconGridFour,
            run: () => void navigate({ to: "/administration/spaces" }),
          },
        ]
      : []),
    ...(may("people:administration:open") && me.administration_until === null
      ? [
          {
            id: "enter-administration",
            name: administration("open"),
            also: administration("title"),
            icon: IconShield,
            run: () => void enterAdministration(),
          },
        ]
      : []),
    ...(may("audit:trail:read")
      ? [
          {
            id: "audit",
            name: audit("menu"),
            also: audit("also"),
            icon: IconListBullets,
            run: () => void navigate({ to: "/administration/audit" }),
          },
        ]
      : []),
    {
      id: "me",
      name: t("menu.profile"),
      also: t("palette.also.me"),
      icon: IconUserCircle,
      run: () => void navigate({ to: "/me" }),
    },
    ...(may("hosting:declaration:read")
      ? [
          {
            id: "rule",
            name: t("menu.rule"),
            also: t("palette.also.rule"),
            icon: IconScales,
            run: () => void navigate({ to: "/rule" }),
          },
        ]
      : []),
    ...THEMES.map(theme),
    ...LANGUAGES.filter((language) => language !== i18n.language).map(speak),
    {
      id: "shortcuts",
      name: t("menu.shortcuts"),
      also: t("palette.also.shortcuts"),
      icon: IconKeyboard,
      keys: ["?"],
      first: true,
      run: showShortcuts,
    },
    {
      id: "leave",
      name: t("menu.signOut"),
      also: t("palette.also.leave"),
      icon: IconSignOut,
      run: () => void leave(),
    },
  ];
}
