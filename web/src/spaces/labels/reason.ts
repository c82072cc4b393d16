/** What the server takes, in characters, without white space at the ends. */
const LEAST = 10;
const MOST = 500;

/** How many characters a reason lacks or has too many; null when it is fine. */
export function reasonTrouble(text: string): { short: number } | { long: number } | null {
  const length = [...text.trim()].length;
  if (length < LEAST) return { short: LEAST - length };
  if (length > MOST) return { long: length - MOST };
  return null;
}
