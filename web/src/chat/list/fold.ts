const LONG = 1800;
const LINES = 24;

/** Whether a message is so long that it shows its beginning first. Told from its text, so that nothing jumps. */
export function isLong(text: string): boolean {
  if (text.length > LONG) return true;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines += 1;
    if (lines > LINES) return true;
  }
  return false;
}
