import { MantineProvider } from "@mantine/core";
import { type ReactElement, type ReactNode, useSyncExternalStore } from "react";
import { resolvedTheme, subscribeTheme } from "#/core/preferences/theme";
import { theme } from "./theme";
import "./base.css";
import "./tokens.css";
import "./fonts.css";
import "./mantine.css";

/** Gives the window its look. Every page and every test of a piece stands inside it. */
export function Theme({ children }: { children: ReactNode }): ReactElement {
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
    </MantineProvider>
  );
}
