/** The languages the window speaks, first the one it was written in. */
export const LANGUAGES = ["fr", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What decides how a date or a figure reads. The time zone is an IANA name, such as "Europe/Paris". */
export type Where = { readonly language: Language; readonly timeZone: string };

/** An instant: milliseconds since 1970 (UTC) or a Date. */
export type Instant = number | Date;

/** Narrow no-break space: before ; ! ? », inside « 14 h 32 », between a figure and its unit. */
export const NARROW = "\u202f";
/** No-break space: before a colon, inside « 3 mars ». */
export const NO_BREAK = "\u00a0";

/** The tag handed to Intl. British English, for its 24-hour clock and its order of day and month. */
export const TAG: Record<Language, string> = { fr: "fr-FR", en: "en-GB" };
