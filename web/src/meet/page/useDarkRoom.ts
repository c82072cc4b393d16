import { useLayoutEffect } from "react";
import { applyTheme } from "#/core/preferences/theme";

/** The call is dark whatever the window is: faces come out better, and a shared screen is all the light there is. */
export function useDarkRoom(): void {
  useLayoutEffect(() => {
    // On the page itself, so that menus and tips, which are drawn outside of the room, are dark too.
    document.documentElement.dataset["theme"] = "dark";
    return applyTheme;
  }, []);
}
