import i18next from "i18next";
import { LANGUAGES, type Language } from "#/core/format/where";
import { preferredLanguage, speak, startLanguage } from "#/core/i18n/i18n";
import { readPreference, writePreference } from "./stored";

/** What was chosen at the door of this device; and the language of who is signed in, to begin with at the next opening. */
const DOOR = "language";
const OWN = "language.own";

const read = (key: string): Language | undefined => {
  const stored = readPreference(key);
  return LANGUAGES.find((language) => language === stored);
};

/** The language of the door: the one chosen there, else the browser's. */
const doorLanguage = (): Language => read(DOOR) ?? preferredLanguage(navigator.languages);

let started: Promise<void> = Promise.resolve();

/** Starts the words of the window, before it is known who opens it. */
export function startWindowLanguage(): Promise<void> {
  started = startLanguage(read(OWN) ?? doorLanguage());
  return started;
}

/** Chooses the language of the door. */
export async function chooseDoorLanguage(language: Language): Promise<void> {
  writePreference(DOOR, language);
  await speak(language);
}

/** Speaks the language of who is signed in; with null, of nobody, the door's again. */
export async function speakOwn(language: Language | null): Promise<void> {
  writePreference(OWN, language);
  await started;
  const wanted = language ?? doorLanguage();
  if (i18next.language !== wanted) await speak(wanted);
}
