import { TAG, type Where } from "./where";

type Speaks = Pick<Where, "language">;

const OTHERS = {
  fr: (count: number) => (count === 1 ? "1 autre" : `${count} autres`),
  en: (count: number) => (count === 1 ? "1 other" : `${count} others`),
} as const;

/** « Élodie, Thomas et Margaux »; past `most` names, « Élodie, Thomas et 3 autres ». Never cuts to hide one alone. */
export function names(all: readonly string[], { language }: Speaks, most = 3): string {
  const list = new Intl.ListFormat(TAG[language], { type: "conjunction" });
  if (all.length <= most) return list.format(all);
  const shown = all.slice(0, Math.max(1, most - 1));
  return list.format([...shown, OTHERS[language](all.length - shown.length)]);
}

/**
 * What a name, given name first, makes in an avatar: two letters, or one when there is one name. The second
 * word, not the last: « Gaël Le Bihan » is GL.
 */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s\u00a0\u202f]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letter = (word: string | undefined): string => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? "";
  return (letter(words[0]) + letter(words[1])).toLocaleUpperCase("fr") || "?";
}

/** The given name, for short forms: « Solène ». */
export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name;
}

/** For looking a name up: accents, case and punctuation do not matter. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/œ/giu, "oe")
    .replace(/æ/giu, "ae")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()
    .toLowerCase();
}
