/**
 * Names of hosts that look like others. Letters of several scripts look alike; as browsers do, a name that mixes scripts,
 * or is written wholly in letters that pass for Latin ones, is shown in the spelling that machines use.
 */

const SCRIPTS = [
  ["Latin", /\p{Script=Latin}/u],
  ["Cyrillic", /\p{Script=Cyrillic}/u],
  ["Greek", /\p{Script=Greek}/u],
  ["Armenian", /\p{Script=Armenian}/u],
  ["Hebrew", /\p{Script=Hebrew}/u],
  ["Arabic", /\p{Script=Arabic}/u],
  ["Han", /\p{Script=Han}/u],
  ["Hiragana", /\p{Script=Hiragana}/u],
  ["Katakana", /\p{Script=Katakana}/u],
  ["Hangul", /\p{Script=Hangul}/u],
  ["Bopomofo", /\p{Script=Bopomofo}/u],
] as const;
type Script = (typeof SCRIPTS)[number][0] | "other";

/** Scripts that people do write together. */
const TOGETHER: readonly ReadonlySet<Script>[] = [
  new Set(["Latin", "Han", "Hiragana", "Katakana"]),
  new Set(["Latin", "Han", "Hangul"]),
  new Set(["Latin", "Han", "Bopomofo"]),
];

/** A word of nothing but these, with digits and hyphens, can be read as a Latin one. */
const WHOLLY = [
  ["Cyrillic", /^[аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡ\d-]+$/u],
  ["Greek", /^[αβγεηικνορστυχωϲϳ\d-]+$/u],
  ["Armenian", /^[ոօսհցզյգղք\d-]+$/u],
] as const satisfies readonly (readonly [Script, RegExp])[];

/** Latin letters that no language writes with and that pass for others: without a dot, phonetic, small capitals. */
const ODD = /[ıȷĸɐ-ʯᴀ-ᶿ]/u;

function scriptsOf(label: string): ReadonlySet<Script> {
  const found = new Set<Script>();
  for (const letter of label.match(/\p{L}/gu) ?? []) {
    // Common to several, such as the long vowel mark of the kanas.
    if (/[\p{Script=Common}\p{Script=Inherited}]/u.test(letter)) continue;
    found.add(SCRIPTS.find(([, pattern]) => pattern.test(letter))?.[0] ?? "other");
  }
  return found;
}

function deceives(label: string, last: string): boolean {
  const scripts = scriptsOf(label);
  if (ODD.test(label)) return true;
  if (scripts.size > 1) return !TOGETHER.some((set) => [...scripts].every((one) => set.has(one)));
  const lower = label.toLowerCase();
  // Under an ending of its own script nobody takes it for a Latin name.
  return WHOLLY.some(
    ([script, pattern]) => pattern.test(lower) && scripts.has(script) && !scriptsOf(last).has(script),
  );
}

/**
 * A host as it may be shown: as it was written, or in ASCII where it would pass for another; null when no address can
 * have it. `host` may end in a port.
 */
export function shownHost(host: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what is plain ASCII looks like itself
  if (/^[\x00-\x7f]*$/u.test(host)) return host;
  const [, name = "", port = ""] = /^(.*?)(:\d+)?$/su.exec(host) ?? [];
  const url = URL.canParse(`http://${name}`) ? new URL(`http://${name}`) : null;
  if (!url) return null;
  const labels = name.split(".");
  const last = labels.at(-1) ?? "";
  // Letters that stand for others, such as wide ones, become those when the address is opened: shown as what they are.
  const folded = name.normalize("NFKC").toLowerCase() !== name.toLowerCase().normalize("NFC");
  return folded || labels.some((label) => deceives(label, last)) ? `${url.hostname}${port}` : host;
}
