import { MantineProvider } from "@mantine/core";
import { type ReactElement, type ReactNode, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { resolvedTheme, subscribeTheme } from "#/core/preferences/theme";
import { theme } from "./theme";
import "./base.css";
import "./tokens.css";
import "./fonts.css";
import "./mantine.css";

/** Gives the window its look. Every page and every test of a piece stands inside it. */
export function Theme({ children }: { children: ReactNode }): ReactElement {
  const { t } = useTranslation("ui");
  const scheme = useSyncExternalStore(subscribeTheme, resolvedTheme);
  return (
    <MantineProvider
      theme={theme}
      forceColorScheme={scheme}
      withCssVariables={false}
      withGlobalClasses={false}
      withStaticClasses={false}
    >
      {children}
      {/* Where menus and dialogs are drawn: Mantine looks for this attribute. A landmark, so that nothing of the
          page lies outside of one. */}
      <section aria-label={t("layers")} data-portal="true" data-mantine-shared-portal-node="true" />
    </MantineProvider>
  );
}
