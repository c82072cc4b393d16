import i18next, { type Resource } from "i18next";
import { initReactI18next } from "react-i18next";
import { LANGUAGES, type Language } from "#/core/format/where";

export const NAMESPACES = [
  "administration",
  "app",
  "audit",
  "chat",
  "errors",
  "files",
  "guests",
  "labels",
  "meet",
  "people",
  "refusals",
  "rule",
  "spaces",
  "ui",
] as const;

const load: Record<Language, () => Promise<Resource[string]>> = {
  fr: async () => (await import("./fr")).default,
  en: async () => (await import("./en")).default,
};

/**
 * Intl's French has a third plural for whole millions (« un million de … »), which no sentence of ours
 * reaches; without a form for it i18next would show the key.
 */
function withMany(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).flatMap(([key, inner]) =>
    key.endsWith("_other")
      ? [
          [key, inner],
          [key.replace(/_other$/u, "_many"), inner],
        ]
      : [[key, withMany(inner)]],
  );
  return Object.fromEntries(entries);
}

async function ensure(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "app")) return;
  const resources = await load[language]();
  for (const namespace of NAMESPACES) {
    i18next.addResourceBundle(language, namespace, withMany(resources[namespace]));
  }
}

/** Starts the words of the window in one language; the other one is only loaded when it is chosen. */
export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    supportedLngs: LANGUAGES,
    ns: NAMESPACES,
    defaultNS: "app",
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await ensure(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Changes the language of the whole window, at once. */
export async function speak(language: Language): Promise<void> {
  await ensure(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The language a new browser starts in: its first one that we speak, else French. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const base = tag.toLowerCase().split("-")[0];
    const found = LANGUAGES.find((language) => language === base);
    if (found) return found;
  }
  return "fr";
}
