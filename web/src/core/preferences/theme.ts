import { readPreference, writePreference } from "./stored";

/** What the person chose: a look, or the device's own. */
export const THEMES = ["system", "light", "dark"] as const;
export type ThemeChoice = (typeof THEMES)[number];

const KEY = "theme";
const listeners = new Set<() => void>();
const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

export function themeChoice(): ThemeChoice {
  const stored = readPreference(KEY);
  return THEMES.find((choice) => choice === stored) ?? "system";
}

/** Light or dark, whichever shows now. */
export function resolvedTheme(): "light" | "dark" {
  const choice = themeChoice();
  if (choice !== "system") return choice;
  return dark().matches ? "dark" : "light";
}

/** Keeps the choice on this device and shows it at once. `public/look.js` reads the same key before the first paint. */
export function chooseTheme(choice: ThemeChoice): void {
  writePreference(KEY, choice === "system" ? null : choice);
  applyTheme();
}

/** Puts the choice on the page; with none the page follows the device. */
export function applyTheme(): void {
  const choice = themeChoice();
  if (choice === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
  for (const listener of listeners) listener();
}

export function subscribeTheme(listener: () => void): () => void {
  listeners.add(listener);
  const query = dark();
  query.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    query.removeEventListener("change", listener);
  };
}
