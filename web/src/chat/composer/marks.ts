/** A text with what is selected in it. */
export type Selected = { readonly value: string; readonly from: number; readonly until: number };

/** What to put in place of a part of a text, and what is selected after. */
export type Replacement = {
  readonly from: number;
  readonly until: number;
  readonly text: string;
  readonly selectFrom: number;
  readonly selectUntil: number;
};

/**
 * Puts a mark (`**`, `*`) around what is selected, or takes it away where it stands already. Spaces at the ends stay
 * outside: a mark beside a space is none.
 */
export function toggleMark({ value, from, until }: Selected, mark: string): Replacement {
  const selected = value.slice(from, until);
  const inside = selected.trim();
  const start = inside ? from + selected.indexOf(inside) : from;
  const end = start + inside.length;
  const size = mark.length;
  const around = inside
    ? stands(value, start - size, mark) && stands(value, end, mark)
    : value.slice(Math.max(0, start - size), end + size) === mark + mark;
  if (around) {
    return {
      from: start - size,
      until: end + size,
      text: inside,
      selectFrom: start - size,
      selectUntil: end - size,
    };
  }
  if (inside.length > 2 * size && stands(inside, 0, mark) && stands(inside, inside.length - size, mark)) {
    const bare = inside.slice(size, -size);
    return { from: start, until: end, text: bare, selectFrom: start, selectUntil: start + bare.length };
  }
  return {
    from: start,
    until: end,
    text: mark + inside + mark,
    selectFrom: start + size,
    selectUntil: end + size,
  };
}

/** Whether just this mark stands at a place: the `*` of a `**` is not the mark `*`, while `***` holds both. */
function stands(text: string, at: number, mark: string): boolean {
  if (at < 0 || text.slice(at, at + mark.length) !== mark) return false;
  const sign = mark[0];
  let run = mark.length;
  for (let before = at - 1; text[before] === sign; before -= 1) run += 1;
  for (let after = at + mark.length; text[after] === sign; after += 1) run += 1;
  return run === mark.length || run === 3;
}

/** The line after one that begins a list begins with the same mark; an empty item ends the list instead. */
export function continueList({ value, from, until }: Selected): Replacement | null {
  if (from !== until) return null;
  const lineStart = value.lastIndexOf("\n", from - 1) + 1;
  const line = value.slice(lineStart, from);
  const [, indent, mark, rest] = /^(\s*)([-*•]|\d{1,8}[.)]|>) (.*)$/u.exec(line) ?? [];
  if (mark === undefined) return null;
  if (!rest?.trim())
    return { from: lineStart, until: from, text: "", selectFrom: lineStart, selectUntil: lineStart };
  const next = /^\d/u.test(mark) ? `${Number.parseInt(mark, 10) + 1}${mark.at(-1)}` : mark;
  const text = `\n${indent}${next} `;
  return { from, until, text, selectFrom: from + text.length, selectUntil: from + text.length };
}
