import { folded } from "#/core/format/names";

type Part = { readonly text: string; readonly match: boolean };

const isWord = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character);

/**
 * A text in parts, those marked that begin a word as one of the words looked for does: accents, case and order do not
 * matter, as they do not when one searches.
 */
export function matches(text: string, wanted: string): readonly Part[] {
  const asked = folded(wanted).split(" ").filter(Boolean);
  if (asked.length === 0 || text === "") return [{ text, match: false }];
  const characters = [...text.normalize("NFC")];
  const plain = characters.map((character) => folded(character));
  const marked = new Array<boolean>(characters.length).fill(false);
  for (let start = 0; start < characters.length; start += 1) {
    if (!isWord(characters[start]) || isWord(characters[start - 1])) continue;
    const longest = Math.max(0, ...asked.map((word) => reach(plain, start, word)));
    marked.fill(true, start, start + longest);
  }
  return joined(characters, marked);
}

/** How many characters from `start` on a word covers; 0 when what stands there does not begin with it. */
function reach(plain: readonly string[], start: number, word: string): number {
  let read = "";
  for (let at = start; at < plain.length; at += 1) {
    read += plain[at];
    if (read.length >= word.length) return read.startsWith(word) ? at - start + 1 : 0;
    if (!word.startsWith(read)) return 0;
  }
  return 0;
}

function joined(characters: readonly string[], marked: readonly boolean[]): Part[] {
  const parts: Part[] = [];
  for (const [index, character] of characters.entries()) {
    const match = marked[index] ?? false;
    const last = parts.at(-1);
    if (last && last.match === match) parts[parts.length - 1] = { text: last.text + character, match };
    else parts.push({ text: character, match });
  }
  return parts;
}
