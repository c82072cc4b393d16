import { NARROW, NO_BREAK } from "../format/where.ts";

const SPACE = "[ \\u00a0\\u202f]";

/**
 * French typography put right: curly apostrophes, one-character ellipses, a narrow no-break space before
 * ; ! ? » and after «, a no-break space before a colon that stands alone. Placeholders stay as they are.
 * What is right already comes back unchanged, so it can check as well as mend.
 */
export function typography(text: string): string {
  return text
    .split(/(\{\{[^}]*\}\}|<[^>]*>|https?:\/\/\S+)/u)
    .map((piece, index) => (index % 2 === 1 ? piece : mend(piece)))
    .join("");
}

function mend(text: string): string {
  return text
    .replaceAll("'", "’")
    .replaceAll("...", "…")
    .replace(new RegExp(`«${SPACE}*`, "gu"), `«${NARROW}`)
    .replace(new RegExp(`${SPACE}*»`, "gu"), `${NARROW}»`)
    .replace(new RegExp(`${SPACE}*([;!?]+)`, "gu"), (_, marks: string) => `${NARROW}${marks}`)
    .replace(new RegExp(`${SPACE}:`, "gu"), `${NO_BREAK}:`)
    .replace(new RegExp(`${SPACE}%`, "gu"), `${NARROW}%`)
    .replace(new RegExp(`(\\d)${SPACE}(o|ko|Mo|Go|h|min|s)\\b`, "gu"), `$1${NARROW}$2`);
}
