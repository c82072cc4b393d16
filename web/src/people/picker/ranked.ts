import { folded } from "#/core/format/names";

/**
 * Those found, the ones one has to do with first, in the order in which one last had to; then the others as they were
 * found. `recent` and `found` hold ids.
 */
export function ranked(found: readonly string[], recent: readonly string[]): string[] {
  const place = new Map(recent.map((id, index) => [id, index]));
  const last = recent.length;
  // Sorting keeps the order of those it holds for equal.
  return [...new Set(found)].sort((one, other) => (place.get(one) ?? last) - (place.get(other) ?? last));
}

/** Whether a text has words that begin as each word asked, as the directory's search has it. */
export function answers(text: string, asked: string): boolean {
  const has = folded(text).split(" ");
  return folded(asked)
    .split(" ")
    .every((word) => has.some((own) => own.startsWith(word)));
}
