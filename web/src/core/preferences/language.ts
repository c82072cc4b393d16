import { LANGUAGES, type Language } from "#/core/format/where";
import { preferredLanguage, speak } from "#/core/i18n/i18n";
import { readPreference, writePreference } from "./stored";

const KEY = "language";

/** The language chosen on this device, else the browser's. */
export function chosenLanguage(): Language {
  const stored = readPreference(KEY);
  return LANGUAGES.find((language) => language === stored) ?? preferredLanguage(navigator.languages);
}

export async function chooseLanguage(language: Language): Promise<void> {
  writePreference(KEY, language);
  await speak(language);
}
