/** As many characters as the server takes in one message. */
export const TEXT_MOST = 20_000;
/** As many files. */
export const FILES_MOST = 20;
/** From here on, how much is left is said. */
const NEAR = 0.9;

/** How long a text is to the server: in characters, of which some take two units here. */
export function lengthOf(text: string): number {
  if (text.length <= TEXT_MOST * NEAR) return text.length;
  let pairs = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff) pairs += 1;
  }
  return text.length - pairs;
}

/** How many characters are left, once that is worth saying; negative when there are too many. */
export function leftOf(text: string): number | null {
  const length = lengthOf(text);
  return length > TEXT_MOST * NEAR ? TEXT_MOST - length : null;
}
